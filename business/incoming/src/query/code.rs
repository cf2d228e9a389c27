//! Error codes of lists, exports and prints.

zs_base::codes! {
    /// An export has a limit.
    EXPORT_TOO_LARGE: Rule "符合条件的共 {} 行，超过一次可导出的 {} 行，请缩小收文日期范围或增加筛选条件后分次导出",
    /// A print has a limit.
    PRINT_TOO_LARGE: Rule "符合条件的共 {} 行，超过一次可打印的 {} 行，请缩小起止时间，分册打印",
    /// Fonts are missing, or the typesetter failed.
    PRINT_FAILED: Unavailable "打印件没有生成：{}",
    /// An archive package exists only of a filed document.
    NOT_FILED: Rule "文件尚未归档，归档后才能下载归档包",
    /// A package is put together in memory.
    PACKAGE_TOO_LARGE: Rule "文件合计超过 {} MB，不能打成一个归档包，请在文件页面逐个下载",
}
