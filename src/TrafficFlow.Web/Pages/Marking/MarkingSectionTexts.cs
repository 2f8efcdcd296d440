using System.Globalization;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>What the page of accuracy says of marking, in one language.</summary>
internal sealed record MarkingSectionTexts
{
    public required string Title { get; init; }

    /// <summary>Before the folder.</summary>
    public required string Explained { get; init; }

    public required string NotHere { get; init; }

    public required string NoGates { get; init; }

    public required string NoClips { get; init; }

    public required string Clip { get; init; }

    public required string Camera { get; init; }

    public required string HasMarks { get; init; }

    public required string Open { get; init; }

    public required string Score { get; init; }

    public required string Page { get; init; }

    public required string Close { get; init; }

    public required string Stop { get; init; }

    public required string NotRecorded { get; init; }

    public required string NotNow { get; init; }

    /// <summary>Of this and the following {0}: clip; {1}: camera; {2}: account; {3}: how many marks; {4}: their file; {5}: report.</summary>
    public required string Reading { get; init; }

    public required string IsOpen { get; init; }

    public required string Finished { get; init; }

    public required string Counting { get; init; }

    public required string Scored { get; init; }

    public required string FailedClip { get; init; }

    public required string Closed { get; init; }

    /// <summary>Before why, in English.</summary>
    public required string Failed { get; init; }

    public required string NotAll { get; init; }

    private static readonly MarkingSectionTexts English = new()
    {
        Title = "Mark a clip",
        Explained = "A clip is a video of some minutes from a camera of this site. It is read where it lies and goes nowhere; what is shown is anonymized, and who looks is recorded. Marks are kept beside it. It lies there as the camera took it: delete it when it is no longer needed. Clips of this site lie on this node in",
        NotHere = "This node has no cameras and reads no clips: open this page of the node beside the cameras, or mark on your own machine as below.",
        NoGates = "No camera of this site has a gate: draw gates in the site editor first.",
        NoClips = "There is no clip in this folder yet. Ask whoever runs the node to lay one there: a file such as clip.mp4 that the node's account may read.",
        Clip = "Clip",
        Camera = "Camera that took it",
        HasMarks = "has marks",
        Open = "Open",
        Score = "Count and compare",
        Page = "Go to the marking page",
        Close = "Close the clip",
        Stop = "Stop",
        NotRecorded = "The audit cannot be written now, so nothing is opened: try again in some seconds.",
        NotNow = "That cannot be done now: something else is under way at this node, or the clip is not there any more.",
        Reading = "{0} ({1}) is being read for {2}. Counting goes first, so it takes about as long as the clip or longer.",
        IsOpen = "{0} ({1}) is open for marking; {2} opened it. It closes itself when nobody has used it for half an hour.",
        Finished = "{0} ({1}) is marked: {3} marks are in {4}. “Count and compare” makes the report.",
        Counting = "{0} ({1}) is being counted for {2}.",
        Scored = "{0} ({1}) was counted and compared with its marks: report “{5}”.",
        FailedClip = "{0} ({1}) was not read or counted to its end.",
        Closed = "{0} ({1}) is closed; its marks are kept in {4}.",
        Failed = "Why:",
        NotAll = "Only a part of it could be read:",
    };

    private static readonly MarkingSectionTexts Japanese = new()
    {
        Title = "映像に記録する",
        Explained = "この交差点のカメラの数分の映像を使います。映像は置かれた場所で読み込まれ、外部に送信されません。表示は匿名化され、閲覧者は監査記録に残ります。記録は映像と同じ場所に保存されます。映像は撮影時のまま（匿名化前）置かれているため、不要になったら削除してください。この交差点の映像はこのノードの次のフォルダーに置きます：",
        NotHere = "このノードにはカメラがなく、映像を読み込めません。カメラ側のノードでこの画面を開くか、下の手順で手元の機器で記録してください。",
        NoGates = "ゲートのあるカメラがありません。先に「交差点の編集」でゲートを描いてください。",
        NoClips = "このフォルダーに映像がありません。clip.mp4 のような、ノードのアカウントが読めるファイルを置くようノードの管理者に依頼してください。",
        Clip = "映像",
        Camera = "撮影したカメラ",
        HasMarks = "記録あり",
        Open = "開く",
        Score = "計測して比較",
        Page = "記録画面へ",
        Close = "映像を閉じる",
        Stop = "中止",
        NotRecorded = "監査記録に書き込めないため、開けません。数秒後にやり直してください。",
        NotNow = "いまは実行できません。このノードで別の処理が行われているか、映像がなくなっています。",
        Reading = "{2} さんのために {0}（{1}）を読み込んでいます。計測を優先するため、映像の長さと同程度以上の時間がかかります。",
        IsOpen = "{0}（{1}）は記録できます（{2} さんが開きました）。30分間使われないと自動的に閉じます。",
        Finished = "{0}（{1}）の記録が完了しました：{4} に {3} 件。「計測して比較」で報告を作成できます。",
        Counting = "{2} さんのために {0}（{1}）を計測しています。",
        Scored = "{0}（{1}）を計測し、記録と比較しました：報告「{5}」。",
        FailedClip = "{0}（{1}）を最後まで処理できませんでした。",
        Closed = "{0}（{1}）を閉じました。記録は {4} に保存されています。",
        Failed = "理由：",
        NotAll = "一部だけを読み込めました：",
    };

    public static MarkingSectionTexts For(string? language) => language == "ja" ? Japanese : English;

    public static string With(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}
