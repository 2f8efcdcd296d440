using TrafficFlow.Analysis.Causes;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>What each kind of cause is, and what would disprove it.</summary>
/// <param name="Name">As a heading has it.</param>
/// <param name="Meaning">How it makes vehicles lose time.</param>
/// <param name="Disproof">What somebody who looks would find if it were not the cause.</param>
public sealed record CauseWords(string Name, string Meaning, string Disproof)
{
    private static readonly Dictionary<CauseKind, (CauseWords English, CauseWords Japanese)> s_all = new()
    {
        [CauseKind.GreenTooShort] = (
            new("Green too short", "The movement's green passes less than its demand, while other stages have green to spare.", "a degree of saturation below 0.9 in the same time, cycles whose queue is gone before green ends, or no other stage with spare green."),
            new("青時間不足", "当該動線の青時間では需要を捌けず、他の現示には余裕がある。", "同時間帯の飽和度が0.9未満である、青終了前に待ち行列が解消するサイクルが続く、または他の現示に余裕がない。")),
        [CauseKind.CycleTooLong] = (
            new("Cycle too long", "Every movement waits for a red that is longer than the demand needs.", "a cycle near Webster's for this demand, greens that are used to their end, or delay that does not fall on days with a shorter cycle."),
            new("サイクル長過大", "需要に対してサイクルが長く、すべての動線で赤の待ち時間が長い。", "サイクル長がWebsterの最適値に近い、青時間が終わりまで使われている、または短いサイクルの日にも遅れが減らない。")),
        [CauseKind.BadOffset] = (
            new("Bad offset", "Platoons from the junction upstream come on red.", "a share of arrivals on green at or above the green ratio, arrivals spread evenly over the cycle, or no signal upstream."),
            new("オフセット不良", "上流交差点からの車群が赤に到着する。", "青時間到着率が青時間比以上である、到着がサイクル内に一様である、または上流に信号がない。")),
        [CauseKind.SpillBack] = (
            new("Spill-back from downstream", "The exit is full: vehicles have green and cannot leave.", "usual speeds at the exit and usual times inside of the junction while the queue stood, or a free road downstream at that time."),
            new("先詰まり（下流からの延伸）", "流出路が詰まり、青でも交差点から流出できない。", "待ち行列がある間も流出速度・交差点内所要時間が平常どおりである、または当該時刻に下流が空いていた。")),
        [CauseKind.BlockedLane] = (
            new("Blocked lane or parked vehicle", "One lane passes next to nothing, and its vehicles push into the others.", "vehicles on all lanes in their usual shares, a discharge in green as usual, or pictures of that time without anything standing."),
            new("車線閉塞・駐停車", "一部の車線がほとんど使えず、他の車線に車両が集中する。", "車線利用率・捌け流率が平常どおりである、または当該時刻の映像に停止車両がない。")),
        [CauseKind.RightTurnOverflow] = (
            new("Overflow of the turn across", "Those who turn across the opposing traffic find no gap, and fill more than their lane.", "turning vehicles that all pass in their cycle, a queue of them shorter than their lane, or through lanes that discharge as usual."),
            new("右折車のあふれ", "右折車が対向直進のギャップを得られず、右折車線からあふれる。", "右折車が当該サイクルで捌けている、右折待ち行列が右折車線長以内である、または直進車線の捌けが平常どおりである。")),
        [CauseKind.ShortTurnLane] = (
            new("Short turn lane", "The turn lane is shorter than its queue or than the one beside it: it is blocked, or blocks.", "a turning queue and a queue beside it that both end within the lane's length, or a turn lane that is full from the begin of green."),
            new("付加車線長の不足", "付加車線がその待ち行列または隣接車線の行列より短く、互いに塞ぐ。", "両方の行列が付加車線長以内である、または青開始時から付加車線が満たされている。")),
        [CauseKind.HeavyShare] = (
            new("Many heavy vehicles", "Large vehicles need more of the green each, and the queue discharges more slowly.", "saturation headways as usual while the share was high, or the same delay on days with a usual share."),
            new("大型車混入", "大型車が多く、飽和車頭時間が長くなり捌けが低下する。", "混入率が高い間も飽和車頭時間が平常どおりである、または平常の混入率の日にも同じ遅れがある。")),
        [CauseKind.DemandSurge] = (
            new("Surge of demand", "More vehicles came than usually do at this time.", "arrivals within the usual range of this time of day, or a discharge that fell before arrivals rose."),
            new("需要の急増", "同時間帯の平常を上回る車両が到着した。", "到着台数が平常の範囲内である、または到着の増加より先に捌けが低下している。")),
        [CauseKind.Incident] = (
            new("Incident", "Something that happened suddenly took capacity away.", "a gradual onset, the same at the same time on other days, or pictures and police records of that time without an incident."),
            new("突発事象", "事故・故障等により容量が突然低下した。", "徐々に始まっている、他の日も同時刻に発生している、または当該時刻の映像・警察記録に事象がない。")),
        [CauseKind.Weather] = (
            new("Weather", "Everybody drives more slowly and with longer headways, on all approaches at once.", "free speeds as usual on the other approaches, or a dry road by the records of the weather service."),
            new("天候", "全流入路で速度が低下し車頭時間が長くなる。", "他の流入路の自由走行速度が平常どおりである、または気象記録で路面が乾燥していた。")),
        [CauseKind.PedestrianPhase] = (
            new("Pedestrians on the crossing", "Turning vehicles wait for people who cross, and hold up those behind.", "turning vehicles that start with green, or the same delay in cycles in which nobody crosses."),
            new("横断歩行者の影響", "右左折車が横断歩行者を待ち、後続車が滞る。", "右左折車が青開始直後に発進している、または横断者のないサイクルでも同じ遅れがある。")),
        [CauseKind.CameraTrouble] = (
            new("Camera trouble, no congestion", "Cameras were blind, dazzled or moved, which looks like congestion in the figures.", "cameras that watched all the time with their usual picture, or the same queue in another camera's picture."),
            new("カメラの不具合（渋滞ではない）", "カメラの視界不良・眩惑・ずれにより、計測値が渋滞のように見える。", "カメラが常時正常な画像で観測していた、または別のカメラにも同じ行列が写っている。")),
    };

    /// <summary>A kind of a newer version is shown by its name in the study.</summary>
    public static CauseWords Of(CauseKind kind, StudyWords words) =>
        s_all.TryGetValue(kind, out var both) ? words.Language == "ja" ? both.Japanese : both.English : new CauseWords($"{kind}", "", "–");

    public static IEnumerable<CauseKind> Known => s_all.Keys;
}
