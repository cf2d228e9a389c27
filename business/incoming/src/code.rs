//! Error codes.

zs_base::codes! {
    /// T29: nothing secret on this network.
    SECRECY_REFUSED: Rule "本系统为非涉密系统，{}文件不得在此登记办理；如仅登记纸质件，请勾选“仅纸质登记”",
    /// A paper-only row has no files.
    PAPER_ONLY_FILES: Rule "仅纸质登记的文件不得上传电子文件，请移除已上传的文件",
    /// The same number from the same sender.
    DUPLICATE_DOCUMENT: Conflict "文号“{}”的来文已经登记过，请核对；确需重复登记的请确认后再提交",
    /// Only the next level.
    LEVEL_SKIP: Rule "不能越级传阅或交办：{} 不属于本单位的下一级，请改选下级部门（单位）的负责人或综合代表",
    /// Only the head passes on.
    CASCADE_ONLY_HEAD: Rule "只有部门负责人可以决定是否传阅本部门其他人员",
    /// Only to one's own people.
    CASCADE_OWN_ONLY: Rule "只能传阅给本部门人员，请去掉：{}",
    /// The task is at another step.
    WRONG_STEP: Rule "该事项当前是“{}”环节，不能做“{}”，请刷新后再办理",
    /// A filed record does not change.
    ARCHIVED_FROZEN: Rule "文件已归档，登记内容、办理过程和附件均已封存，不能再修改",
    /// Ended otherwise.
    ENDED_FROZEN: Rule "文件已{}，不能再修改",
    /// The number is given.
    CLASS_FIXED: Rule "流水号已编，不能再改变文件类别；确需改变的请作废后重新登记",
    /// The dispatch in a branch changes one node only.
    BRANCH_ONE_NODE: Rule "退回分发的只是其中一个承办部门，只能为它改派一个部门，其他承办部门请保持不变",
    /// After straight back the plan stays.
    BRANCH_STRAIGHT_BACK: Rule "退回人要求直接送回，不能改派承办部门；请先退回说明，由其选择“重新办理”",
    /// Urging reaches the lead only.
    NOTHING_TO_URGE: Rule "目前没有可催办的主办部门承办人（催办只催主办，不催协办和传阅人员）",
}
