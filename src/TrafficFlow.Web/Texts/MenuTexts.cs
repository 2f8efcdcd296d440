namespace TrafficFlow.Web.Texts;

/// <summary>The names of the pages, in one language.</summary>
public sealed record MenuTexts
{
    public required string Menu { get; init; }

    public required string Junction { get; init; }

    public required string Counts { get; init; }

    public required string Turning { get; init; }

    public required string Speed { get; init; }

    public required string Congestion { get; init; }

    public required string Signals { get; init; }

    public required string Causes { get; init; }

    public required string Proposals { get; init; }

    public required string Cameras { get; init; }

    public required string Accuracy { get; init; }

    public required string Reports { get; init; }

    public required string Editor { get; init; }

    public required string Released { get; init; }

    public required string Health { get; init; }

    public required string Custody { get; init; }

    public required string Notices { get; init; }

    public required string Accounts { get; init; }

    public required string Audit { get; init; }

    public required string Api { get; init; }

    public required string Stuck { get; init; }

    private static readonly MenuTexts English = new()
    {
        Menu = "Pages",
        Junction = "Junction",
        Counts = "Counts",
        Turning = "Turning table",
        Speed = "Speed and congestion",
        Congestion = "Congestion",
        Signals = "Signals",
        Causes = "Causes",
        Proposals = "Proposals",
        Cameras = "Cameras",
        Accuracy = "Accuracy",
        Reports = "Reports",
        Editor = "Site editor",
        Released = "Released",
        Health = "Health",
        Custody = "Custody",
        Notices = "Notices",
        Accounts = "Accounts",
        Audit = "Audit",
        Api = "For programs",
        Stuck = "The node answers, but this page cannot be opened: too many pages are open, or a proxy on the way lets no WebSocket through. Close other pages, and reload this one.",
    };

    private static readonly MenuTexts Japanese = new()
    {
        Menu = "画面",
        Junction = "交差点",
        Counts = "交通量",
        Turning = "方向別交通量表",
        Speed = "速度・渋滞",
        Congestion = "渋滞",
        Signals = "信号",
        Causes = "渋滞要因",
        Proposals = "改善案",
        Cameras = "カメラ",
        Accuracy = "計測精度",
        Reports = "報告書",
        Editor = "交差点の編集",
        Released = "公開統計",
        Health = "稼働状況",
        Custody = "データ管理",
        Notices = "掲示・運用要領",
        Accounts = "アカウント",
        Audit = "監査記録",
        Api = "プログラム用",
        Stuck = "サーバーは応答していますが、この画面を開けません。開いている画面が多すぎるか、途中のプロキシがWebSocketを通していません。他の画面を閉じてから再読み込みしてください。",
    };

    public static MenuTexts For(string? language) => language == "ja" ? Japanese : English;
}
