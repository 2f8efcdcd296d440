namespace TrafficFlow.Web.Pages.Speed;

/// <summary>What the page of speeds says, in one language.</summary>
public sealed record SpeedTexts
{
    public required string Title { get; init; }

    public required string Approach { get; init; }

    public required string Speeds { get; init; }

    public required string SpeedsExplained { get; init; }

    public required string Queues { get; init; }

    public required string QueuesExplained { get; init; }

    public required string QueueMean { get; init; }

    public required string QueueMax { get; init; }

    public required string NoSpeeds { get; init; }

    public required string NoQueues { get; init; }

    public required string Ways { get; init; }

    public required string WaysExplained { get; init; }

    public required string Movement { get; init; }

    public required string Vehicles { get; init; }

    public required string TravelSpeed { get; init; }

    public required string Delay { get; init; }

    public required string Stops { get; init; }

    public required string Stopped { get; init; }

    public required string SpaceTime { get; init; }

    public required string SpaceTimeExplained { get; init; }

    public required string SpaceTimeBegins { get; init; }

    public required string Metres { get; init; }

    public required string OneDayOnly { get; init; }

    public required string NotForYou { get; init; }

    public required string NoJourneys { get; init; }

    public required string FirstOnly { get; init; }

    public required string To { get; init; }

    private static readonly SpeedTexts English = new()
    {
        Title = "Speed and congestion",
        Approach = "Approach",
        Speeds = "Speed at the entering gate, km/h",
        SpeedsExplained = "Space-mean speed (harmonic mean) of the vehicles that entered, by approach and time by the site's clock. The darker, the slower. An empty field had no measured speed: nobody watched, nobody came, or the camera has no calibration.",
        Queues = "Queue before the gate, metres",
        QueuesExplained = "Mean back of queue, from the gate to the rear of the last queued vehicle, over the time that it was measured. A line that breaks was not measured: that is missing, not zero.",
        QueueMean = "Mean queue, m",
        QueueMax = "Longest queue, m",
        NoSpeeds = "No speed was measured on these days. Speeds need a calibrated camera.",
        NoQueues = "No queue was measured on these days.",
        Ways = "Ways over the junction",
        WaysExplained = "Each way from approach to exit on the ground plane, in the colour of its mean travel speed: distance travelled by time from gate to gate. Delay is against free flow at 40 km/h; a stop is below 5 km/h until above 10 km/h.",
        Movement = "Movement",
        Vehicles = "Vehicles",
        TravelSpeed = "Travel speed, km/h",
        Delay = "Delay, s",
        Stops = "Stops a vehicle",
        Stopped = "Standing, s",
        SpaceTime = "Space-time diagram",
        SpaceTimeExplained = "One line for each vehicle, from the gate that it entered by to the gate that it left by, over a quarter of an hour. Only both ends are kept of a journey, so a line is straight: the flatter, the slower.",
        SpaceTimeBegins = "Quarter hour that begins at",
        Metres = "Metres from the entering gate",
        OneDayOnly = "Delays, stops and the space-time diagram are made from single journeys: choose one day.",
        NotForYou = "Delays, stops and the space-time diagram are made from single journeys, which operators and analysts see.",
        NoJourneys = "No whole journey over the junction was measured on this day. Journeys need a junction of calibrated cameras.",
        FirstOnly = "Only the first 60,000 journeys of the day are shown.",
        To = "to",
    };

    private static readonly SpeedTexts Japanese = new()
    {
        Title = "速度・渋滞",
        Approach = "流入路",
        Speeds = "流入ゲート通過速度（km/h）",
        SpeedsExplained = "流入した車両の空間平均速度（調和平均）を流入路と時刻（現地時刻）別に示します。濃いほど低速です。空欄は速度の計測がない時間（未観測、車両なし、または未校正のカメラ）です。",
        Queues = "ゲート手前の滞留長（m）",
        QueuesExplained = "ゲートから滞留末尾の車両後端までの平均滞留長（計測時間の平均）。線が切れている時間は計測されていません（ゼロではありません）。",
        QueueMean = "平均滞留長（m）",
        QueueMax = "最大滞留長（m）",
        NoSpeeds = "この期間に速度は計測されていません。速度には校正済みのカメラが必要です。",
        NoQueues = "この期間に滞留長は計測されていません。",
        Ways = "交差点内の経路",
        WaysExplained = "流入路から流出路への各経路を平面図上に平均旅行速度（走行距離÷ゲート間の所要時間）の色で示します。遅れは自由流40 km/hとの差、停止は5 km/h未満から10 km/h超までを1回とします。",
        Movement = "方向",
        Vehicles = "台数",
        TravelSpeed = "旅行速度（km/h）",
        Delay = "遅れ（秒）",
        Stops = "停止回数/台",
        Stopped = "停止時間（秒）",
        SpaceTime = "時間距離図",
        SpaceTimeExplained = "15分間の各車両を、流入ゲートから流出ゲートまで1本の線で示します。両端の時刻のみを保持しているため直線になります。傾きが小さいほど低速です。",
        SpaceTimeBegins = "15分間の開始時刻",
        Metres = "流入ゲートからの距離（m）",
        OneDayOnly = "遅れ・停止・時間距離図は個々の走行から作成します。1日を選択してください。",
        NotForYou = "遅れ・停止・時間距離図は個々の走行から作成するため、運用者と分析者のみが閲覧できます。",
        NoJourneys = "この日に交差点を通して計測された走行はありません。校正済みカメラによる交差点の設定が必要です。",
        FirstOnly = "この日の最初の60,000走行のみを表示しています。",
        To = "→",
    };

    public static SpeedTexts For(string? language) => language == "ja" ? Japanese : English;
}
