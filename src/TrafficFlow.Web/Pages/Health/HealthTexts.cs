using System.Globalization;

namespace TrafficFlow.Web.Pages.Health;

/// <summary>What the page of the nodes says, in one language. Reasons that nodes give of cameras: <see cref="Cameras.CameraReasons"/>; of themselves, theirs, in English.</summary>
public sealed record HealthTexts
{
    public required string Title { get; init; }

    public required string Asking { get; init; }

    public required string NoBoard { get; init; }

    public required string NoNodes { get; init; }

    public required string AsOf { get; init; }

    public required string ThisNode { get; init; }

    public required string Check { get; init; }

    public required string Finding { get; init; }

    public required string Good { get; init; }

    public required string Bad { get; init; }

    public required string AuditKept { get; init; }

    public required string Streams { get; init; }

    public required string Certificates { get; init; }

    public required string Use { get; init; }

    public required string File { get; init; }

    public required string ValidUntil { get; init; }

    public required string Unreadable { get; init; }

    public required string RenewSoon { get; init; }

    public required string NoCertificates { get; init; }

    public required string Nodes { get; init; }

    public required string Node { get; init; }

    public required string State { get; init; }

    public required string Doubtful { get; init; }

    public required string Silent { get; init; }

    public required string LastReport { get; init; }

    public required string CamerasStream { get; init; }

    public required string ClockOff { get; init; }

    public required string DiskFree { get; init; }

    public required string Version { get; init; }

    public required string CauseAndRemedy { get; init; }

    /// <summary>{0}: since when.</summary>
    public required string SilentExplained { get; init; }

    /// <summary>{0}: by how much.</summary>
    public required string ClockAhead { get; init; }

    /// <summary>{0}: by how much.</summary>
    public required string ClockBehind { get; init; }

    /// <summary>{0}: the folder.</summary>
    public required string DiskLow { get; init; }

    public required string Cameras { get; init; }

    public required string Camera { get; init; }

    public required string FramesPerSecond { get; init; }

    public required string Coverage { get; init; }

    public required string Scene { get; init; }

    public required string Waiting { get; init; }

    public required string LastFrame { get; init; }

    public required string Unknown { get; init; }

    /// <summary>{0}: the state that was reported last.</summary>
    public required string WasThen { get; init; }

    /// <summary>{0}: how many entries.</summary>
    public required string EntriesLost { get; init; }

    private static readonly HealthTexts English = new()
    {
        Title = "Health",
        Asking = "The health board is asked …",
        NoBoard = "No server's health board answers: is this server in its cluster? After a failover it takes some 12 s. It is asked again and again; what stands below may be old.",
        NoNodes = "No node has reported yet. Each does within some seconds of its start.",
        AsOf = "As of",
        ThisNode = "This node",
        Check = "Check",
        Finding = "Finding",
        Good = "good",
        Bad = "look into this",
        AuditKept = "the audit is kept",
        Streams = "subscribers' streams",
        Certificates = "Certificates of this node",
        Use = "For",
        File = "File",
        ValidUntil = "Valid until",
        Unreadable = "cannot be read: the node's account must be able to read the file; its log says why not",
        RenewSoon = "renew it now: deploy/CERTIFICATES.md says how; the node takes the new file while it runs",
        NoCertificates = "This node has no certificates: no other machine talks to it, or a proxy on this machine speaks TLS for it.",
        Nodes = "Nodes",
        Node = "Node",
        State = "State",
        Doubtful = "doubtful",
        Silent = "silent",
        LastReport = "Last report",
        CamerasStream = "Cameras that stream",
        ClockOff = "Clock off, s",
        DiskFree = "Disk free, GB",
        Version = "Version",
        CauseAndRemedy = "Cause and remedy",
        SilentExplained = "No report since {0}: is it off, or its link? Its cameras may still count; that comes when it is back.",
        ClockAhead = "Its clock is {0} s ahead of this server's: which of them is wrong (timedatectl)? What waits for it: trafficflow ctl quarantine show",
        ClockBehind = "Its clock is {0} s behind this server's: which of them is wrong (timedatectl)? What waits for it: trafficflow ctl quarantine show",
        DiskLow = "The disk of {0} is nearly full: free space there before counts are lost, but never delete a file of the node.",
        Cameras = "Cameras",
        Camera = "Camera",
        FramesPerSecond = "Frames/s",
        Coverage = "Coverage",
        Scene = "Scene",
        Waiting = "Waiting in outbox",
        LastFrame = "Last frame",
        Unknown = "unknown",
        WasThen = "its node is silent; it was: {0}",
        EntriesLost = "{0} entries were given up at the bound of the outbox: was the server away for long, is outbox.max-entries too small?",
    };

    private static readonly HealthTexts Japanese = new()
    {
        Title = "稼働状況",
        Asking = "稼働状況を問い合わせています…",
        NoBoard = "サーバーの稼働状況が応答しません。このサーバーはクラスターに参加していますか。切り替え後は約12秒かかります。繰り返し問い合わせています。以下の内容は古い場合があります。",
        NoNodes = "まだどのノードからも報告がありません。各ノードは起動から数秒以内に報告します。",
        AsOf = "時点",
        ThisNode = "このノード",
        Check = "検査項目",
        Finding = "結果",
        Good = "正常",
        Bad = "要確認",
        AuditKept = "監査記録は正常に保存されています",
        Streams = "購読中の接続数",
        Certificates = "このノードの証明書",
        Use = "用途",
        File = "ファイル",
        ValidUntil = "有効期限",
        Unreadable = "読み取れません。ノードのアカウントがファイルを読めるようにしてください。理由はログにあります",
        RenewSoon = "今すぐ更新してください。手順は deploy/CERTIFICATES.md にあります。ノードは稼働中に新しいファイルを読み込みます",
        NoCertificates = "このノードに証明書はありません。他の機器との通信がないか、この機器のプロキシが TLS を担当しています。",
        Nodes = "ノード",
        Node = "ノード",
        State = "状態",
        Doubtful = "要確認",
        Silent = "応答なし",
        LastReport = "最終報告",
        CamerasStream = "受信中のカメラ",
        ClockOff = "時計のずれ（秒）",
        DiskFree = "空き容量（GB）",
        Version = "版",
        CauseAndRemedy = "原因と対処",
        SilentExplained = "{0} 以降報告がありません。電源または回線を確認してください。カメラの計測は続いている可能性があり、復帰後に届きます。",
        ClockAhead = "時計がこのサーバーより {0} 秒進んでいます。どちらが誤っているか確認してください（timedatectl）。保留中の計測：trafficflow ctl quarantine show",
        ClockBehind = "時計がこのサーバーより {0} 秒遅れています。どちらが誤っているか確認してください（timedatectl）。保留中の計測：trafficflow ctl quarantine show",
        DiskLow = "{0} のディスクがほぼ満杯です。計測値が失われる前に空きを作ってください。ノードのファイルは決して削除しないでください。",
        Cameras = "カメラ",
        Camera = "カメラ",
        FramesPerSecond = "フレーム/秒",
        Coverage = "観測",
        Scene = "画面の状態",
        Waiting = "送信待ち",
        LastFrame = "最終フレーム",
        Unknown = "不明",
        WasThen = "ノードが応答しません。直前の状態：{0}",
        EntriesLost = "送信待ちの上限により {0} 件が破棄されました。サーバーが長時間停止していましたか。outbox.max-entries が小さすぎませんか。",
    };

    public static HealthTexts For(string? language) => language == "ja" ? Japanese : English;

    public static string With(string text, object value) => string.Format(CultureInfo.InvariantCulture, text, value);
}
