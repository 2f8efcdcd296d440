using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>What the page of the cameras says, in one language. Reasons that nodes give: <see cref="CameraReasons"/>.</summary>
public sealed record CameraTexts
{
    public required string Title { get; init; }

    public required string Camera { get; init; }

    public required string State { get; init; }

    public required string Scene { get; init; }

    public required string FramesPerSecond { get; init; }

    public required string Dropped { get; init; }

    public required string LastFrame { get; init; }

    public required string Reopened { get; init; }

    public required string CauseAndRemedy { get; init; }

    public required string Picture { get; init; }

    public required string ShowPicture { get; init; }

    public required string HidePicture { get; init; }

    public required string NothingYet { get; init; }

    public required string Unknown { get; init; }

    public required string PictureExplained { get; init; }

    public required string PictureElsewhere { get; init; }

    public required string PictureOf { get; init; }

    public required string NoPicture { get; init; }

    public required string Edges { get; init; }

    public required string CompareScene { get; init; }

    public required string HideScene { get; init; }

    public required string EdgesBefore { get; init; }

    public required string EdgesNow { get; init; }

    public required string EdgesBoth { get; init; }

    public required string EdgesWait { get; init; }

    public required string EdgesExplained { get; init; }

    public required string Gates { get; init; }

    public required string Coverage { get; init; }

    public required string CoverageExplained { get; init; }

    public required string Approach { get; init; }

    public required string LastDay { get; init; }

    public required string Whole { get; init; }

    public required string Most { get; init; }

    public required string Some { get; init; }

    public required string Degraded { get; init; }

    public required string Blind { get; init; }

    public required string None { get; init; }

    /// <summary>{0}: why.</summary>
    public required string CannotRead { get; init; }

    public required string Loading { get; init; }

    public required string DayColumn { get; init; }

    public required string WatchedHours { get; init; }

    public required string AsTable { get; init; }

    public required string WorstQuality { get; init; }

    private static readonly CameraTexts English = new()
    {
        Title = "Cameras",
        Camera = "Camera",
        State = "State",
        Scene = "Scene",
        FramesPerSecond = "Frames/s",
        Dropped = "Left out",
        LastFrame = "Last frame",
        Reopened = "Opened again",
        CauseAndRemedy = "Cause and remedy",
        Picture = "Picture",
        ShowPicture = "Show",
        HidePicture = "Hide",
        NothingYet = "The cameras have not said yet how they are; they do so within some seconds.",
        Unknown = "unknown",
        PictureExplained = "About one picture in two seconds, a few seconds old. Persons and near vehicles are coarsened before it leaves the camera's process; until the camera was watched for 20 s, all of it is. Boxes are vehicles that the detector is sure of. That you look is in the audit.",
        PictureElsewhere = "This server does not have the camera itself, or the camera is a replay: pictures are shown by the node beside the camera alone, and none crosses the network. Its own pages, if it shows any (trafficflow.web), have it.",
        PictureOf = "Anonymized picture of",
        NoPicture = "No picture comes now. It is asked for again; the state of the camera says why.",
        Edges = "Scene before and now",
        CompareScene = "Compare",
        HideScene = "Hide",
        EdgesBefore = "As calibrated",
        EdgesNow = "The last seconds",
        EdgesBoth = "Both over each other",
        EdgesWait = "The scene is looked at for some seconds first: what is missing here comes by itself.",
        EdgesExplained = "Edges of the empty street, coarse, of a median over eight seconds: neither persons nor vehicles that pass are in it. In the third picture edges that lie where they lay are light; blue ones beside orange ones are of a camera that has moved, blue ones alone of a part of the picture that is gone. That you look is in the audit.",
        Gates = "Gates",
        Coverage = "Coverage",
        CoverageExplained = "Each square is an hour by the clock of the site: how much of it every camera of the approach watched. Empty: there is no bin, nothing is known; that is not zero.",
        Approach = "Approach",
        LastDay = "Last day",
        Whole = "watched",
        Most = "at least half",
        Some = "less than half",
        Degraded = "degraded",
        Blind = "not watched",
        None = "no bin",
        CannotRead = "Coverage cannot be read now: {0}",
        Loading = "Coverage is read …",
        DayColumn = "Day",
        WatchedHours = "Hours watched",
        AsTable = "As a table",
        WorstQuality = "Worst quality",
    };

    private static readonly CameraTexts Japanese = new()
    {
        Title = "カメラ",
        Camera = "カメラ",
        State = "状態",
        Scene = "画面の状態",
        FramesPerSecond = "フレーム/秒",
        Dropped = "欠落",
        LastFrame = "最終フレーム",
        Reopened = "再接続回数",
        CauseAndRemedy = "原因と対処",
        Picture = "画像",
        ShowPicture = "表示",
        HidePicture = "閉じる",
        NothingYet = "カメラの状態がまだ届いていません。数秒以内に届きます。",
        Unknown = "不明",
        PictureExplained = "約2秒に1枚、数秒前の画像です。人物と近くの車両は、カメラの処理内で粗くしてから表示されます。観測開始から20秒間は全体が粗くなります。枠は検出された車両です。閲覧は監査記録に残ります。",
        PictureElsewhere = "このサーバーにはカメラがないか、再生用のカメラです。画像はカメラ側のノードでのみ表示され、ネットワークを通りません。そのノードで画面を公開（trafficflow.web）していれば、そこで見られます。",
        PictureOf = "匿名化画像：",
        NoPicture = "現在画像がありません。再取得しています。理由はカメラの状態をご覧ください。",
        Edges = "画面の比較（校正時と現在）",
        CompareScene = "比較",
        HideScene = "閉じる",
        EdgesBefore = "校正時",
        EdgesNow = "直近の数秒間",
        EdgesBoth = "重ね合わせ",
        EdgesWait = "数秒間の観測後に表示します。不足している画像は自動的に表示されます。",
        EdgesExplained = "車両や人物が写らないよう、8秒間の中央値から粗い輪郭だけを取り出した画像です。重ね合わせでは、位置が変わらない輪郭は明るく、カメラがずれると青と橙が並び、見えなくなった部分は青だけになります。閲覧は監査記録に残ります。",
        Gates = "ゲート",
        Coverage = "観測状況",
        CoverageExplained = "一マスは現地時刻の1時間で、その流入部のすべてのカメラが観測した割合を示します。空白は記録がなく不明であり、ゼロではありません。",
        Approach = "流入部",
        LastDay = "最終日",
        Whole = "観測済み",
        Most = "半分以上",
        Some = "半分未満",
        Degraded = "品質低下",
        Blind = "未観測",
        None = "記録なし",
        CannotRead = "観測状況を読み取れません：{0}",
        Loading = "観測状況を読み込んでいます…",
        DayColumn = "日付",
        WatchedHours = "観測時間",
        AsTable = "表で見る",
        WorstQuality = "最低の品質",
    };

    public static CameraTexts For(string? language) => language == "ja" ? Japanese : English;

    public static string With(string text, object value) => string.Format(CultureInfo.InvariantCulture, text, value);

    /// <summary>An hour of the calendar in words.</summary>
    public string Of(CoverageHour hour) => hour switch
    {
        { Quality: null } => None,
        { Quality: BinQuality.Blind } => Blind,
        { Quality: BinQuality.Degraded } => $"{Degraded}, {Percent(hour)}",
        _ => $"{Whole} {Percent(hour)}",
    };

    /// <param name="look">As <see cref="CoverageCalendar.Look"/> tells it.</param>
    public string OfLook(string look) => look switch
    {
        "whole" => Whole,
        "most" => Most,
        "some" => Some,
        "degraded" => Degraded,
        "blind" => Blind,
        _ => None,
    };

    private static string Percent(CoverageHour hour) => string.Create(CultureInfo.InvariantCulture, $"{100 * (hour.Share ?? 0):0} %");
}
