namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>Congestion and queues.</summary>
public sealed partial class StudyWords
{
    public string LevelsTitle => Of("Level by quarter hour", "15分ごとの渋滞度");

    public string Free => Of("free", "順調");

    public string Slow => Of("slow", "混雑");

    public string Congested => Of("congested", "渋滞");

    public string UnknownLevel => Of("unknown", "不明");

    public string BeyondSightDot => Of("queue beyond sight", "行列が視野外に達した");

    public string LevelsExplained => Of(
        "Each field is a quarter hour of one approach by the profile's limits. Hatched: nobody watched for half of it, or what lies beyond sight decides it; that is not free flow. A dot: the queue reached as far as the cameras see.",
        "各欄は流入路ごとの15分間を、定義した速度基準で判定したものです。斜線は観測が半分未満、または視野外の状況により判定できない時間で、順調を意味しません。点は待ち行列がカメラの視野の端に達したことを示します。");

    public string EventsTitle => Of("Congestion events", "渋滞の発生");

    public string EventsExplained => Of(
        "Most time lost first. “< ” and “ >”: the begin or end was not seen, it may have lasted longer. ≥: the queue reached beyond what the cameras see. Growth: from the begin to the longest queue.",
        "損失の大きい順です。「<」「>」は開始・終了が観測されておらず、実際はさらに長い可能性があることを示します。「≥」は待ち行列がカメラの視野を超えたことを示します。伸長速度は開始から最大時までの平均です。");

    public string NoEvents => Of("No approach was congested for 10 min or longer in the watched time.", "観測時間内に10分以上の渋滞はありませんでした。");

    public string When => Of("When", "時間帯");

    public string Duration => Of("Duration", "継続時間");

    public string LowestSpeed => Of("Lowest mean speed, km/h", "最低平均速度（km/h）");

    public string LongestQueue => Of("Longest queue", "最大待ち行列長");

    public string LongestAt => Of("At", "時刻");

    public string Growth => Of("Growth, m/min", "伸長速度（m/分）");

    public string RecurrenceTitle => Of("What comes again", "渋滞の再現性");

    public string NoRecurrence => Of("Recurrence cannot be told: it needs congestion on more than one watched day.", "再現性は判定できません（複数の観測日における渋滞が必要です）。");

    public string OnDays => Of("On days", "発生日数");

    public string DaysOf => Of("{0} of {1} watched ({2})", "観測{1}日中{0}日（{2}）");

    public string LostADay => Of("Lost a watched day, veh·h", "観測日あたり損失（台·時）");

    public string QueuesTitle => Of("Queues", "待ち行列");

    public string NoQueues => Of("No queue was told by lane and cycle: that is missing, not zero.", "車線・サイクル別の待ち行列は計測されていません（ゼロではありません）。");

    public string QueueChart => Of("Back of queue by lane and cycle, m", "車線・サイクル別の待ち行列後端（m）");

    public string QueueChartExplained => Of(
        "One line for each cycle, from the stop line to the rear of the last queued vehicle at its farthest. A triangle: the queue reached beyond sight; the whisker is the 95 % interval of its estimate.",
        "1本の線が1サイクルで、停止線から待ち行列最後尾の車両後端（サイクル中の最遠点）までを示します。三角は視野外に達した行列、ひげは推定値の95 %区間です。");

    public string QueueDay => Of("The day with the longest queue: {0}.", "最大待ち行列の日：{0}。");

    public string Lane => Of("Lane", "車線");

    public string LaneNumber => Of("lane {0}", "第{0}車線");

    public string Cycles => Of("Cycles", "サイクル数");

    public string MeanQueue => Of("Mean", "平均");

    public string Queue85 => Of("85th percentile", "85パーセンタイル");

    public string BeyondSightCycles => Of("Beyond sight, cycles", "視野外（サイクル）");

    public string Undetermined => Of("Not told, cycles", "不明（サイクル）");

    public string LanesExplained => Of(
        "Back of queue at its farthest in a cycle, vehicles that joined during green included. Lanes are counted from the kerb. ≥: the longest reached beyond sight, with ± where it is estimated; a mean or percentile over such cycles is a lower bound, too. Japanese surveys tell 滞留長 (what stands when green begins) from 渋滞長 (what one green has not served); both are at most the length given here.",
        "待ち行列後端はサイクル中の最遠点で、青表示中に加わった車両を含みます。車線は歩道側から数えます。「≥」は視野外に達したもので、推定できる場合は±を付します（それを含む平均・パーセンタイルも下限値です）。滞留長（青開始時の行列長）と渋滞長（1回の青で捌けなかった行列長）は、いずれもここに示す長さ以下です。");

    public string ApproachQueues => Of("Queue of the approach by quarter hour", "流入路の待ち行列（15分ごと）");

    public string QueueOverTime => Of("Back of queue, mean, m", "待ち行列後端（平均、m）");

    public string QueueOverTimeExplained => Of("Mean back of queue of each quarter hour; a line that breaks was not measured. Where a dot stands in the levels above, it is a lower bound.", "15分ごとの待ち行列後端の平均です。線の切れ目は未計測です。渋滞度の図に点がある時間は下限値です。");

    public string Density => Of("Densest quarter hour, veh/km", "最大密度（台/km）");

    public string Occupancy => Of("Highest occupancy, %", "最大時間オキュパンシー（%）");
}
