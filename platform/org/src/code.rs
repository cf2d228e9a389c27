//! Error codes of the organisation.
zs_base::codes! {
    NAME_TAKEN: Conflict "“{}”下已有名为“{}”的机构，请换一个名称",
    CODE_TAKEN: Conflict "编码“{}”已被“{}”使用，请换一个编码",
    BAD_PARENT: Rule "{}不能放在{}下面，请另选上级",
    MOVE_CYCLE: Rule "不能把“{}”移到它自己的下级中，请另选上级",
    NODE_NOT_EMPTY: Rule "“{}”还有下级机构 {} 个、在岗人员 {} 人，请先移走或合并后再撤销",
    NODE_INACTIVE: Rule "“{}”已合并或撤销，不能再办理",
    MERGE_KIND: Rule "“{}”与“{}”类别不同或互为上下级，不能合并",
    HEIR_NEEDED: Rule "{}还有 {} 件未办结的事项，请先指定接办人",
    HEIR_INVALID: Rule "接办人必须是另一个在岗的身份，请重新选择",
    IDENTITY_NOT_ACTIVE: Rule "{}的这个身份已经结束，不能再办理",
    PERSON_ELSEWHERE: Rule "{}在其他单位还有身份，请由系统管理员办理",
    PERSON_HAS_LEFT: Rule "{}已经离职，不能再办理",
    SAME_POST: Conflict "{}在“{}”已有身份，请直接修改那个身份",
    ACCOUNTS_ABSENT: Unavailable "账号功能没有启用，请先不填登录名",
    IMPORT_TOO_LARGE: TooLarge "文件太大，请控制在 {} MB、{} 行以内，分几次导入",
    IMPORT_UNREADABLE: Invalid "无法读取这个文件，请使用下载的模板另存为 .xlsx 后再导入",
}
