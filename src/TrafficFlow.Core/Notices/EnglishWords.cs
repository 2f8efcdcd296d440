using System.Globalization;
using TrafficFlow.Core.Custody;

namespace TrafficFlow.Core.Notices;

/// <summary>Days, times and conditions in English.</summary>
internal static class EnglishWords
{
    private static readonly string[] s_compass = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"];

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Period(ExperimentPeriod period) => $"from {Day(period.From)} to {Day(period.Until)}";

    public static string Compass(int octant) => s_compass[octant];

    public static string Age(TimeSpan age)
    {
        if (age.TotalHours < 48 && age.TotalHours % 24 != 0) return string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours");
        var days = age.TotalDays;
        return days >= 365 && days % 365 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{days / 365:0} {(days == 365 ? "year" : "years")} ({days:0} days)")
            : string.Create(CultureInfo.InvariantCulture, $"{days:0.#} {(days == 1 ? "day" : "days")}");
    }

    private const string AutomaticErasure = "What the device erases by itself, when its time is over or the disk's bound is reached, takes nobody's consent.";

    public static string Keep(KeepRule rule) => rule switch
    {
        { MaxAge: { } age, KeepUntil: { } day } => $"{Age(age)} after they were taken, or until {Day(day)}, whichever is earlier",
        { MaxAge: { } age } => $"{Age(age)} after they were taken",
        { KeepUntil: { } day } => $"until {Day(day)}",
        _ => "no stated time; only while the purposes of article 1 need them",
    };

    /// <summary>In short, for a sign: when it is erased.</summary>
    public static string Erased(KeepRule rule) => rule switch
    {
        { MaxAge: { } age, KeepUntil: { } day } => $"after {Age(age)}, by {Day(day)} at the latest",
        { MaxAge: { } age } => $"after {Age(age)}",
        { KeepUntil: { } day } => $"by {Day(day)}",
        _ => "when the purpose is met",
    };

    public static string Kind(KeptKind kind) => kind switch
    {
        KeptKind.Pictures => "Recorded pictures (anonymized, encrypted)",
        KeptKind.Journeys => "Ways of single vehicles, none of them identified",
        KeptKind.Counts => "Traffic counts and what is computed from them",
        KeptKind.Audit => "Records of who did and saw what",
        KeptKind.Accounts => "Accounts of former users",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    public static string TwoPersons(TwoPersonRule rule) => rule switch
    {
        TwoPersonRule.Export => "Data leave the installation only with the consent of two persons: a custodian who is another person than who does it approves. One person may erase data. Who did it is recorded.",
        TwoPersonRule.Erase => $"Data are erased only with the consent of two persons: a custodian who is another person than who does it approves. {AutomaticErasure} One person may let data leave the installation. Who did it is recorded.",
        TwoPersonRule.Both => $"Data leave the installation, and are erased, only with the consent of two persons: a custodian who is another person than who does it approves. {AutomaticErasure}",
        _ => "One person may let data leave the installation, and erase them. Who did it is recorded.",
    };

    /// <summary>How a camera's pictures are recorded.</summary>
    /// <param name="zone">Of the site.</param>
    public static string Recording(RecordingStatement recording, TimeZoneInfo zone)
    {
        var hours = recording.InSomeHours ? "in stated hours" : "all day";
        if (recording.End is not { } end) return recording.Reason.Length == 0 ? hours : $"{hours} (reason: {recording.Reason})";
        var local = TimeZoneInfo.ConvertTime(end, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{hours}, until {Day(DateOnly.FromDateTime(local.DateTime))}, {local:HH:mm} (reason: {recording.Reason})");
    }

    /// <summary>By when a request is answered.</summary>
    public static string AnswerWithin(RequestTerms terms) => terms.CountsWorkdays
        ? string.Create(CultureInfo.InvariantCulture, $"{terms.AnswerWithinDays} working days") : string.Create(CultureInfo.InvariantCulture, $"{terms.AnswerWithinDays} days (where the last one is a holiday, on the next working day)");

    public static string Operator(OperatorContact contact) => contact.Department is { } department ? $"{contact.Name.English}, {department.English}" : contact.Name.English;

    public static IEnumerable<string> Contact(OperatorContact contact)
    {
        if (contact.Address is { } address) yield return $"Address: {address.English}";
        if (contact.Telephone is { } telephone) yield return $"Telephone: {telephone}";
        if (contact.Mail is { } mail) yield return $"Mail: {mail}";
        if (contact.Web is { } web) yield return $"Web: {web}";
    }
}
