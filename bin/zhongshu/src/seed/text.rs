//! What the documents of an ordinary year are about.
use super::rng::Rng;

const MATTERS: &[&str] = &[
    "安全生产专项整治",
    "防汛抗旱准备",
    "森林防火",
    "秋冬季大气污染防治",
    "农村人居环境整治",
    "高标准农田建设",
    "营商环境优化",
    "重点项目建设",
    "政务服务事项标准化",
    "城乡居民基本医疗保险参保",
    "义务教育阶段招生",
    "食品安全监督抽查",
    "道路交通安全隐患排查",
    "老旧小区改造",
    "河湖长制",
    "耕地保护",
    "基层减负",
    "档案管理",
    "机关节能",
    "公文质量",
    "政府信息公开",
    "行政执法监督",
    "村级财务管理",
    "困难群众救助",
    "就业创业扶持",
    "粮食收购",
    "动物疫病防控",
    "燃气安全",
    "校园安全",
    "养老服务设施建设",
    "水源地保护",
    "招商引资",
    "文物保护",
    "消防设施检查",
    "统计数据质量",
    "农村公路养护",
    "饮用水安全",
    "退役军人优抚",
    "残疾人就业",
    "全民健身场地建设",
];
const VERBS: &[&str] = &[
    "做好",
    "进一步加强",
    "扎实推进",
    "切实做好",
    "规范",
    "深入开展",
    "统筹做好",
];
const GENRES: &[(&str, &str)] = &[
    ("notice", "通知"),
    ("notice", "通知"),
    ("notice", "通知"),
    ("circular", "通报"),
    ("opinion_doc", "意见"),
    ("letter", "函"),
    ("request", "请示"),
    ("report", "报告"),
    ("reply_doc", "批复"),
    ("minutes", "纪要"),
];
/// Senders above and beside: name and the head of their document numbers (机关代字).
pub const SENDERS: &[(&str, &str, bool)] = &[
    ("省人民政府办公厅", "政办发", true),
    ("澄州市人民政府", "澄政发", true),
    ("澄州市人民政府办公室", "澄政办发", true),
    ("中共澄州市委办公室", "澄办发", true),
    ("澄州市发展和改革委员会", "澄发改", true),
    ("澄州市财政局", "澄财", true),
    ("澄州市应急管理局", "澄应急", true),
    ("澄州市住房和城乡建设局", "澄建", true),
    ("澄州市教育局", "澄教", true),
    ("澄州市水利局", "澄水", true),
    ("青屏县财政局", "青财", false),
    ("青屏县教育局", "青教", false),
    ("青屏县水利局", "青水", false),
    ("松坪镇人民政府", "松政", false),
    ("柳陂镇人民政府", "柳政", false),
];
const PROPOSALS: &[&str] = &[
    "拟请分管领导阅示，并转主办部门办理。",
    "拟请主要领导批示，由主办部门牵头、协办部门配合办理，按时报送情况。",
    "拟转相关部门阅处。",
    "请办公室领导审阅后，送分管领导批示。",
];
const INSTRUCTIONS: &[&str] = &[
    "请主办部门抓紧办理，协办部门积极配合，有关情况及时报告。",
    "同意拟办意见。请按要求落实，注意时限。",
    "已阅。请认真研究，提出具体措施。",
    "请结合实际抓好贯彻落实。",
];
const RESULTS: &[&str] = &[
    "已按要求制定工作方案并组织实施，有关情况已书面报送。",
    "已会同协办部门开展排查，发现的问题均已整改完毕。",
    "已转发至各相关单位执行，并建立工作台账。",
    "已办理完毕，办理情况报告已报送来文单位。",
];

/// A received document.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Title ending in its genre.
    pub title: String,
    /// Genre identifier.
    pub genre: &'static str,
    /// Sender.
    pub sender: &'static str,
    /// Document number; none for plain documents.
    pub number: Option<String>,
    /// From above or beside.
    pub superior: bool,
}

/// A document of `year`.
pub fn paper(r: &mut Rng, year: i32) -> Paper {
    let (sender, head, superior) = SENDERS.get(r.below(SENDERS.len())).copied().unwrap_or((
        "澄州市人民政府办公室",
        "澄政办发",
        true,
    ));
    let (mut genre, mut word) = GENRES
        .get(r.below(GENRES.len()))
        .copied()
        .unwrap_or(("notice", "通知"));
    // Requests and reports come from below, decisions on them from above.
    if superior && matches!(genre, "request" | "report") {
        (genre, word) = ("notice", "通知");
    }
    if !superior && matches!(genre, "circular" | "reply_doc" | "opinion_doc") {
        (genre, word) = ("request", "请示");
    }
    let title = match genre {
        "request" => format!("关于解决{}工作经费的{word}", r.pick(MATTERS)),
        "report" => format!("关于{}工作情况的{word}", r.pick(MATTERS)),
        "reply_doc" => format!("关于同意{}实施方案的{word}", r.pick(MATTERS)),
        "minutes" => format!("{}工作专题会议{word}", r.pick(MATTERS)),
        "circular" => format!("关于{year}年上半年{}工作情况的{word}", r.pick(MATTERS)),
        "letter" => format!("关于商请支持{}工作的{word}", r.pick(MATTERS)),
        _ => format!(
            "关于{}{year}年{}工作的{word}",
            r.pick(VERBS),
            r.pick(MATTERS)
        ),
    };
    let number = (!r.chance(18)).then(|| format!("{head}〔{year}〕{}号", r.between(1, 260)));
    Paper {
        title,
        genre,
        sender,
        number,
        superior,
    }
}

/// Proposed handling (拟办意见).
pub fn proposal(r: &mut Rng) -> &'static str {
    r.pick(PROPOSALS)
}
/// A leader's instruction (批示).
pub fn instruction(r: &mut Rng) -> &'static str {
    r.pick(INSTRUCTIONS)
}
/// A handling result (办理情况).
pub fn result(r: &mut Rng) -> &'static str {
    r.pick(RESULTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_ends_in_its_genre_and_requests_come_from_below() {
        let mut r = Rng::new(4);
        for _ in 0..2000 {
            let p = paper(&mut r, 2026);
            assert!(
                GENRES
                    .iter()
                    .any(|(g, w)| *g == p.genre && p.title.ends_with(w)),
                "{p:?}"
            );
            assert!(!(p.superior && p.genre == "request"), "{p:?}");
            assert!(
                p.number
                    .is_none_or(|n| n.contains("〔2026〕") && n.ends_with('号'))
            );
        }
    }
}
