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
const FROM_ABOVE: &[&str] = &["通知", "通知", "通知", "通报", "意见", "函", "批复", "纪要"];
const FROM_BELOW: &[&str] = &["请示", "请示", "报告", "报告", "函"];
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
/// A received document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Title ending in its genre.
    pub title: String,
    /// What it is about.
    pub matter: &'static str,
    /// Genre (文种).
    pub genre: &'static str,
    /// Sender.
    pub sender: &'static str,
    /// Document number; none for plain documents.
    pub number: Option<String>,
    /// From above or beside.
    pub superior: bool,
}

/// What two documents have in common when only their words differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Genre (文种).
    pub genre: &'static str,
    /// From above or beside.
    pub superior: bool,
    /// It bears a number (红头文件).
    pub numbered: bool,
}

/// The genre of this name.
pub fn genre(name: Option<&str>) -> &'static str {
    let known = FROM_ABOVE.iter().chain(FROM_BELOW).copied();
    known
        .into_iter()
        .find(|g| Some(*g) == name)
        .unwrap_or("通知")
}

/// A document of `year`.
pub fn paper(r: &mut Rng, year: i32) -> Paper {
    let superior = r.chance(68);
    // Requests and reports come from below, decisions on them from above.
    let genre = r.pick(if superior { FROM_ABOVE } else { FROM_BELOW });
    let numbered = !r.chance(18);
    paper_like(
        r,
        year,
        Shape {
            genre,
            superior,
            numbered,
        },
    )
}

/// A document of `year` and of this shape.
pub fn paper_like(r: &mut Rng, year: i32, s: Shape) -> Paper {
    let fit: Vec<_> = SENDERS
        .iter()
        .filter(|(_, _, above)| *above == s.superior)
        .collect();
    let (sender, head) = fit
        .get(r.below(fit.len()))
        .map_or(("澄州市人民政府办公室", "澄政办发"), |(n, h, _)| (*n, *h));
    let matter = r.pick(MATTERS);
    let word = s.genre;
    let title = match word {
        "请示" => format!(
            "关于解决{matter}工作{}的{word}",
            r.pick(&["经费", "有关问题", "人员编制", "用地指标"])
        ),
        "报告" => format!(
            "关于{}{matter}工作情况的{word}",
            r.pick(&["", "今年以来", "上半年", "第三季度"])
        ),
        "批复" => format!(
            "关于同意{matter}{}的{word}",
            r.pick(&["实施方案", "工作方案", "专项规划"])
        ),
        "纪要" => format!(
            "{matter}工作{}会议{word}",
            r.pick(&["专题", "协调", "推进", "联席"])
        ),
        "通报" => format!(
            "关于{year}年{}{matter}工作情况的{word}",
            r.pick(&["上半年", "第一季度", "第二季度", "第三季度"])
        ),
        "函" => format!(
            "关于{}{matter}工作的{word}",
            r.pick(&["商请支持", "商请协助做好", "征求意见并配合"])
        ),
        _ => format!("关于{}{year}年{matter}工作的{word}", r.pick(VERBS)),
    };
    let number = s
        .numbered
        .then(|| format!("{head}〔{year}〕{}号", r.between(1, 260)));
    Paper {
        title,
        matter,
        genre: s.genre,
        sender,
        number,
        superior: s.superior,
    }
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
                p.title.ends_with(p.genre) && p.title.contains(p.matter),
                "{p:?}"
            );
            assert!(!(p.superior && p.genre == "请示"), "{p:?}");
            assert!(
                p.number
                    .as_ref()
                    .is_none_or(|n| n.contains("〔2026〕") && n.ends_with('号'))
            );
            let s = Shape {
                genre: p.genre,
                superior: p.superior,
                numbered: p.number.is_some(),
            };
            let twin = paper_like(&mut r, 2025, s);
            assert_eq!(
                (twin.genre, twin.superior, twin.number.is_some()),
                (s.genre, s.superior, s.numbered)
            );
        }
    }
}
