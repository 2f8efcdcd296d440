namespace TrafficFlow.Web.Pages.Accuracy;

/// <summary>What the page of accuracy says, in one language.</summary>
public sealed record AccuracyTexts
{
    public required string Title { get; init; }

    public required string Explained { get; init; }

    public required string NoReports { get; init; }

    public required string How { get; init; }

    public required string StepClip { get; init; }

    public required string StepMark { get; init; }

    public required string StepCount { get; init; }

    public required string StepScore { get; init; }

    public required string Report { get; init; }

    public required string Reports { get; init; }

    public required string Written { get; init; }

    public required string NoScore { get; init; }

    public required string True { get; init; }

    public required string Counted { get; init; }

    public required string Missed { get; init; }

    public required string Extra { get; init; }

    public required string Precision { get; init; }

    public required string Recall { get; init; }

    public required string Error { get; init; }

    public required string Geh { get; init; }

    public required string Clips { get; init; }

    public required string ByMovement { get; init; }

    public required string ByClass { get; init; }

    public required string ByLighting { get; init; }

    public required string NotFormed { get; init; }

    /// <summary>{0}: how many; {1}: seconds; {2} and {3}: shares; {4}: vehicles.</summary>
    public required string Segments { get; init; }

    /// <summary>{0}: vehicles; {1} to {3}: km/h.</summary>
    public required string Speed { get; init; }

    public required string Figures { get; init; }

    private static readonly AccuracyTexts English = new()
    {
        Title = "Accuracy",
        Explained = "How well the counts agree with what people saw. Each report is a comparison of marked clips with their counts.",
        NoReports = "There is no report of this site yet.",
        How = "How to make a report on your own machine",
        StepClip = "Take a clip of some minutes from a camera, anonymized or under the rules of your city, on the machine on which you mark.",
        StepMark = "Mark what passes the gates, in a page that opens on that machine alone:",
        StepCount = "Count the same clip:",
        StepScore = "Compare, and lay the result here:",
        Report = "Report",
        Reports = "Reports",
        Written = "Written (UTC)",
        NoScore = "this file is no score: write it with trafficflow score --json",
        True = "True",
        Counted = "Counted",
        Missed = "Missed",
        Extra = "Too many",
        Precision = "Precision",
        Recall = "Recall",
        Error = "Error",
        Geh = "GEH",
        Clips = "By clip",
        ByMovement = "By movement",
        ByClass = "By class",
        ByLighting = "By lighting",
        NotFormed = "–",
        Segments = "In {0} pieces of {1} s: {2} exact, {3} with GEH below 5, mean absolute error {4} vehicles.",
        Speed = "Speed of {0} vehicles: mean error {1} km/h, mean absolute error {2} km/h, largest {3} km/h.",
        Figures = "Precision: of what was counted, the share that was there. Recall: of what was there, the share that was counted. GEH below 5 is the usual bound for an hour's flow.",
    };

    private static readonly AccuracyTexts Japanese = new()
    {
        Title = "計測精度",
        Explained = "人が目視で確認した結果と計測値との一致度です。各報告は、目視で記録した映像と計測値の比較です。",
        NoReports = "この交差点の報告はまだありません。",
        How = "手元の機器での報告の作り方",
        StepClip = "カメラの数分の映像を、作業する機器に用意します。",
        StepMark = "ゲートを通過する車両を、その機器だけで開く画面で記録します：",
        StepCount = "同じ映像を計測します：",
        StepScore = "比較し、結果をここに置きます：",
        Report = "報告",
        Reports = "報告一覧",
        Written = "作成日時（UTC）",
        NoScore = "このファイルは精度報告ではありません。trafficflow score --json で作成してください",
        True = "真値",
        Counted = "計測値",
        Missed = "見落とし",
        Extra = "過剰",
        Precision = "適合率",
        Recall = "再現率",
        Error = "誤差",
        Geh = "GEH",
        Clips = "映像別",
        ByMovement = "方向別",
        ByClass = "車種別",
        ByLighting = "明るさ別",
        NotFormed = "–",
        Segments = "{1} 秒ごとの {0} 区間：完全一致 {2}、GEH 5 未満 {3}、平均絶対誤差 {4} 台。",
        Speed = "{0} 台の速度：平均誤差 {1} km/h、平均絶対誤差 {2} km/h、最大 {3} km/h。",
        Figures = "適合率は計測値のうち実際に通過した割合、再現率は実際に通過したうち計測された割合です。GEH は1時間交通量で5未満が一般的な目安です。",
    };

    public static AccuracyTexts For(string? language) => language == "ja" ? Japanese : English;
}
