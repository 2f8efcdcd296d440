namespace TrafficFlow.Web.Pages.Audit;

/// <summary>What the page of the audit says, in one language. Records themselves are in English.</summary>
public sealed record AuditTexts
{
    public required string Title { get; init; }

    public required string NoAudit { get; init; }

    public required string Explained { get; init; }

    public required string Kind { get; init; }

    public required string AllKinds { get; init; }

    public required string By { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Show { get; init; }

    public required string Download { get; init; }

    public required string DownloadExplained { get; init; }

    public required string Records { get; init; }

    public required string Number { get; init; }

    public required string Time { get; init; }

    public required string Who { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    public required string Outcome { get; init; }

    public required string Of { get; init; }

    public required string None { get; init; }

    public required string Older { get; init; }

    public required string Newest { get; init; }

    public required string Verify { get; init; }

    public required string Verifying { get; init; }

    public required string Whole { get; init; }

    public required string NotWhole { get; init; }

    /// <summary>{0}: how many; {1} and {2}: the first and the last; {3}: signed statements; {4}: ids of keys.</summary>
    public required string Counted { get; init; }

    /// <summary>{0}: why.</summary>
    public required string CannotRead { get; init; }

    /// <summary>As the kinds are written in the records.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }

    private static readonly AuditTexts English = new()
    {
        Title = "Audit",
        NoAudit = "This server keeps no audit now: its log says why.",
        Explained = "Who did what, the newest first. Each record is bound to the one before it, and signed: what was changed, dropped, added or moved is found by verifying. Times are UTC.",
        Kind = "Kind",
        AllKinds = "all kinds",
        By = "Name or account",
        From = "From day",
        To = "To day",
        Show = "Show",
        Download = "Download as JSON lines",
        DownloadExplained = "This download is recorded too.",
        Records = "Records",
        Number = "No.",
        Time = "Time (UTC)",
        Who = "Who",
        Action = "Action",
        Target = "On",
        Outcome = "Outcome",
        Of = "of",
        None = "There are no such records.",
        Older = "Older",
        Newest = "Newest",
        Verify = "Verify all of it",
        Verifying = "All of it is read and checked …",
        Whole = "Whole: nothing was changed, dropped, added or moved.",
        NotWhole = "Not whole: keep these files as they are, and find out who could write to the data folder.",
        Counted = "{0} records, {1} to {2}; signed statements: {3}; keys: {4}",
        CannotRead = "The audit cannot be read: {0}",
        Kinds = new Dictionary<string, string>
        {
            ["log-in"] = "log-in",
            ["failed-try"] = "failed try",
            ["log-out"] = "log-out",
            ["view"] = "view of a picture",
            ["export"] = "export",
            ["subscription"] = "subscription",
            ["change"] = "change",
            ["command"] = "command",
            ["audit"] = "the audit itself",
        },
    };

    private static readonly AuditTexts Japanese = new()
    {
        Title = "監査記録",
        NoAudit = "このサーバーは現在監査記録を保存していません。理由はログにあります。",
        Explained = "誰が何をしたかを新しい順に示します。各記録は直前の記録に結び付けられ署名されているため、検証によって改変・削除・追加・移動が見つかります。時刻は UTC です。",
        Kind = "種類",
        AllKinds = "すべての種類",
        By = "名前またはアカウント",
        From = "開始日",
        To = "終了日",
        Show = "表示",
        Download = "JSON Lines でダウンロード",
        DownloadExplained = "ダウンロードも記録されます。",
        Records = "記録",
        Number = "番号",
        Time = "時刻（UTC）",
        Who = "実行者",
        Action = "操作",
        Target = "対象",
        Outcome = "結果",
        Of = "対応する記録",
        None = "該当する記録はありません。",
        Older = "古い記録",
        Newest = "最新",
        Verify = "すべてを検証",
        Verifying = "すべてを読み込んで検証しています…",
        Whole = "完全です。改変・削除・追加・移動はありません。",
        NotWhole = "完全ではありません。ファイルをそのまま保管し、データフォルダーに書き込める者を確認してください。",
        Counted = "記録 {0} 件（{1}～{2}）、署名 {3} 件、鍵：{4}",
        CannotRead = "監査記録を読み取れません：{0}",
        Kinds = new Dictionary<string, string>
        {
            ["log-in"] = "ログイン",
            ["failed-try"] = "失敗した試行",
            ["log-out"] = "ログアウト",
            ["view"] = "画像の閲覧",
            ["export"] = "書き出し",
            ["subscription"] = "購読",
            ["change"] = "変更",
            ["command"] = "コマンド",
            ["audit"] = "監査記録自体",
        },
    };

    public static AuditTexts For(string? language) => language == "ja" ? Japanese : English;
}
