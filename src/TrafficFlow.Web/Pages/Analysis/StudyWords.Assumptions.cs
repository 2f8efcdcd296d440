namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>What every study takes for granted.</summary>
public sealed partial class StudyWords
{
    public string SimulatorAssumes => Of("Simulator: ", "シミュレータ（原文）：");

    public IReadOnlyList<string> Assumptions =>
    [
        Of("Delay of a journey is against free flow at 40 km/h from where the cameras begin to see the vehicle; delay before that is not in it.",
           "走行の遅れは、カメラの視野に入った位置からの自由流40 km/hに対する値で、視野外の遅れは含みません。"),
        Of("Levels are judged over a section of 500 m that ends behind the junction; what the cameras do not see of it is taken as free flow unless a queue reaches beyond sight.",
           "渋滞度は交差点下流端までの500 m区間で判定し、視野外は行列が視野を超えない限り自由流とみなします。"),
        Of("A quarter hour that was watched for less than half of its time is unknown; congestion of less than 10 min is no event.",
           "観測が半分未満の15分間は不明とし、10分未満の渋滞は発生として数えません。"),
        Of("Begins of green: the first vehicle of a queue passes the stop line 2 s after it, and 2 s of the amber are used (HCM); both ± 0.5 s.",
           "青開始は先頭車両の停止線通過の2秒前とし、黄のうち2秒が利用されるとします（HCM、いずれも±0.5秒）。"),
        Of("Worksheet saturation flow: 2,000 vehicles per hour of green for through lanes and 1,800 for turning lanes, times the factors; a large vehicle counts as 1.7 passenger cars.",
           "算定の飽和交通流率は基本値（直進2,000台、右左折1,800台/青1時間）に補正率を乗じ、大型車は乗用車1.7台に換算します。"),
        Of("Effect of plans: arrivals that do not depend on the signal (platoons from upstream are not in it), demand that stays for 15 min, and no queue from before; amber, all-red and the order of stages stay as they are.",
           "計画の効果は、到着が信号と独立（上流からの車群を考慮しない）、需要が15分間一定、初期待ち行列なしとし、黄・全赤・現示順序は現行のままとして計算します。"),
        Of("Drivers are taken to keep to the same routes and times whatever is changed.", "対策後も経路・出発時刻は変わらないものとします。"),
    ];
}
