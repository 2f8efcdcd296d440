using System.Globalization;
using TrafficFlow.Core.Custody;

namespace TrafficFlow.Core.Notices;

/// <summary>Days, times and conditions in Japanese, as guidelines write them.</summary>
internal static class JapaneseWords
{
    private static readonly string[] s_compass = ["北", "北東", "東", "南東", "南", "南西", "西", "北西"];

    public static string Day(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日");

    private const string AutomaticErasure = "ただし、保存期間の経過又は記憶容量の上限により装置が自動的に行う消去は、この限りでない。";

    public static string Period(ExperimentPeriod period) => $"{Day(period.From)}から{Day(period.Until)}まで";

    public static string Compass(int octant) => s_compass[octant];

    public static string Age(TimeSpan age)
    {
        if (age.TotalHours < 48 && age.TotalHours % 24 != 0) return string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#}時間");
        var days = age.TotalDays;
        return days >= 365 && days % 365 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{days / 365:0}年（{days:0}日）") : string.Create(CultureInfo.InvariantCulture, $"{days:0.#}日");
    }

    /// <summary>How long one kind is kept.</summary>
    public static string Keep(KeepRule rule) => rule switch
    {
        { MaxAge: { } age, KeepUntil: { } day } => $"取得から{Age(age)}を経過した時又は{Day(day)}のいずれか早い時まで",
        { MaxAge: { } age } => $"取得から{Age(age)}を経過した時まで",
        { KeepUntil: { } day } => $"{Day(day)}まで",
        _ => "期間の定めなし（第1条の目的に必要な間に限る）",
    };

    /// <summary>In short, for a sign: when it is erased.</summary>
    public static string Erased(KeepRule rule) => rule switch
    {
        { MaxAge: { } age, KeepUntil: { } day } => $"{Age(age)}後、遅くとも{Day(day)}まで",
        { MaxAge: { } age } => $"{Age(age)}後",
        { KeepUntil: { } day } => $"{Day(day)}まで",
        _ => "目的を達した後",
    };

    public static string Kind(KeptKind kind) => kind switch
    {
        KeptKind.Pictures => "記録画像（匿名化済み・暗号化）",
        KeptKind.Journeys => "個々の車両の通行経路（車両を特定しない）",
        KeptKind.Counts => "交通量等の計測値",
        KeptKind.Audit => "操作及び閲覧の記録",
        KeptKind.Accounts => "利用を終えた利用者の登録",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    public static string TwoPersons(TwoPersonRule rule) => rule switch
    {
        TwoPersonRule.Export => "データの持出しは、2名の承認（操作する者とは別の管理責任者の承認をいう。）を得て行う。データの消去は、1名で行うことができる。いずれも、操作した者を記録する。",
        TwoPersonRule.Erase => $"データの消去は、2名の承認（操作する者とは別の管理責任者の承認をいう。）を得て行う。{AutomaticErasure}データの持出しは、1名で行うことができる。いずれも、操作した者を記録する。",
        TwoPersonRule.Both => $"データの持出し及び消去は、2名の承認（操作する者とは別の管理責任者の承認をいう。）を得て行う。{AutomaticErasure}",
        _ => "データの持出し及び消去は、1名で行うことができる。いずれも、操作した者を記録する。",
    };

    /// <summary>How a camera's pictures are recorded.</summary>
    /// <param name="zone">Of the site.</param>
    public static string Recording(RecordingStatement recording, TimeZoneInfo zone)
    {
        var hours = recording.InSomeHours ? "定めた時間帯" : "終日";
        if (recording.End is not { } end) return recording.Reason.Length == 0 ? hours : $"{hours}（理由：{recording.Reason}）";
        var local = TimeZoneInfo.ConvertTime(end, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{hours}、{Day(DateOnly.FromDateTime(local.DateTime))}{local.Hour}時{local.Minute:00}分まで（理由：{recording.Reason}）");
    }

    /// <summary>By when a request is answered.</summary>
    public static string AnswerWithin(RequestTerms terms) => terms.CountsWorkdays
        ? string.Create(CultureInfo.InvariantCulture, $"{terms.AnswerWithinDays}営業日以内") : string.Create(CultureInfo.InvariantCulture, $"{terms.AnswerWithinDays}日以内（期間の末日が休日に当たるときは、その翌営業日まで）");

    /// <summary>Name and department in one line.</summary>
    public static string Operator(OperatorContact contact) => contact.Department is { } department ? $"{contact.Name.Japanese}　{department.Japanese}" : contact.Name.Japanese;

    public static IEnumerable<string> Contact(OperatorContact contact)
    {
        if (contact.Address is { } address) yield return $"所在地　{address.Japanese}";
        if (contact.Telephone is { } telephone) yield return $"電話　{telephone}";
        if (contact.Mail is { } mail) yield return $"電子メール　{mail}";
        if (contact.Web is { } web) yield return $"ウェブページ　{web}";
    }
}
