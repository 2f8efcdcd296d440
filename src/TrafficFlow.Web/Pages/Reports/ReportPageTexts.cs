namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What the page of reports says, in one language.</summary>
public sealed record ReportPageTexts
{
    public required string Title { get; init; }

    public required string Explained { get; init; }

    public required string Language { get; init; }

    public required string Make { get; init; }

    public required string Making { get; init; }

    public required string Busy { get; init; }

    public required string Made { get; init; }

    public required string NoPdf { get; init; }

    public required string NoPdfNow { get; init; }

    public required string NotRecorded { get; init; }

    public required string Failed { get; init; }

    public required string TooEarly { get; init; }

    public required string NoneHere { get; init; }

    public required string NoneYet { get; init; }

    public required string Unreadable { get; init; }

    public required string Kept { get; init; }

    public required string Days { get; init; }

    public required string Revision { get; init; }

    public required string Written { get; init; }

    private static readonly ReportPageTexts English = new()
    {
        Title = "Reports",
        Explained = "Charts, turning table, peak hours, coverage and what was degraded, as one file that can be sent and printed. Reports hold counts as they are: they are for staff, and who makes or takes one is recorded.",
        Language = "Language",
        Make = "Make a report of these days",
        Making = "The report is being made; a year takes about a minute.",
        Busy = "Another report is being made now: try again in a minute.",
        Made = "The report is made and stands in the list.",
        NoPdf = "There is no PDF of it, only HTML.",
        NoPdfNow = "Since {0} no PDF can be made, only HTML, which is kept. Reports of each morning try it again after {1}, and get theirs then; whoever makes one here tries it at once. Reason:",
        NotRecorded = "Who makes a report is recorded first, and the audit cannot be written now: try again in some seconds.",
        Failed = "The report could not be written or its figures could not be read: the node’s log says why. Try again.",
        TooEarly = "These days have not begun.",
        NoneHere = "This node keeps no reports.",
        NoneYet = "No report of this site is kept here yet.",
        Unreadable = "The folder of the reports cannot be read: the node’s log says why.",
        Kept = "Kept reports",
        Days = "Days",
        Revision = "Revision",
        Written = "Written",
    };

    private static readonly ReportPageTexts Japanese = new()
    {
        Title = "報告書",
        Explained = "図表、方向別交通量、ピーク時間、観測状況と品質低下を1つのファイルにまとめ、送付・印刷できます。秘匿処理前の台数を含む内部資料です。作成とダウンロードは監査記録に残ります。",
        Language = "言語",
        Make = "この期間の報告書を作成",
        Making = "報告書を作成しています。1年分は約1分かかります。",
        Busy = "別の報告書を作成中です。1分ほど後に再試行してください。",
        Made = "報告書を作成し、一覧に追加しました。",
        NoPdf = "PDFは作成できず、HTMLのみです。",
        NoPdfNow = "{0} 以降PDFを作成できず、HTMLのみ保存しています。毎朝の報告書は {1} 以降に自動で再試行し、成功すればPDFが追加されます。この画面での作成はすぐに試行します。理由：",
        NotRecorded = "報告書の作成は先に監査記録へ残しますが、現在は記録できません。数秒後に再試行してください。",
        Failed = "報告書を書き込めないか、データを読み取れません。理由はノードのログにあります。再試行してください。",
        TooEarly = "この期間はまだ始まっていません。",
        NoneHere = "このノードは報告書を保存していません。",
        NoneYet = "この交差点の報告書はまだありません。",
        Unreadable = "報告書のフォルダーを読み取れません。理由はノードのログにあります。",
        Kept = "保存済みの報告書",
        Days = "期間",
        Revision = "版",
        Written = "作成日時",
    };

    public static ReportPageTexts For(string? language) => language == "ja" ? Japanese : English;
}
