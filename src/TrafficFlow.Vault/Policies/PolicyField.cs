using System.Globalization;
using TrafficFlow.Core.Custody;

namespace TrafficFlow.Vault.Policies;

/// <summary>One thing that a policy says: how it is told, and whether another one protects less.</summary>
/// <param name="Name">As in the site file, where it has one name there.</param>
/// <param name="TextOf">Null where an older program did not look at it.</param>
/// <param name="IsLooser">Of what was before and what is now.</param>
internal sealed record PolicyField(string Name, Func<KeptPolicy, string?> TextOf, Func<KeptPolicy, KeptPolicy, bool> IsLooser)
{
    public static readonly IReadOnlyList<PolicyField> All =
    [
        new("two-person-rule", p => Word(p.TwoPersons), (before, now) => (before.TwoPersons & ~now.TwoPersons) != TwoPersonRule.Off),
        new("require-encrypted-disk", p => Word(p.EncryptedDisk), (before, now) => now.EncryptedDisk < before.EncryptedDisk),
        new("require-encrypted-link", p => Word(p.EncryptedLink), (before, now) => now.EncryptedLink < before.EncryptedLink),
        // Whoever names a network lets pictures cross it in the clear.
        More("networks", m => m.Networks.Length == 0 ? "none" : m.Networks, (before, now) => now.Networks.Split(", ").Except(before.Networks.Split(", ")).Any(n => n.Length > 0)),
        new("retention of pictures", p => new KeptRule(p.PicturesKeepDays, p.PicturesKeepUntil).ToString(), (before, now) => IsLonger(new(before.PicturesKeepDays, before.PicturesKeepUntil), new(now.PicturesKeepDays, now.PicturesKeepUntil))),
        More("retention of journeys", m => m.JourneysKept.ToString(), (before, now) => IsLonger(before.JourneysKept, now.JourneysKept)),
        More("retention of counts", m => m.CountsKept.ToString(), (before, now) => IsLonger(before.CountsKept, now.CountsKept)),
        // Who did what is proof: what goes sooner than before protects less, and what stays longer is told as a change.
        More("retention of the audit", m => m.AuditKept.ToString(), (before, now) => IsLonger(now.AuditKept, before.AuditKept)),
        More("retention of accounts", m => m.AccountsKept.ToString(), (before, now) => IsLonger(before.AccountsKept, now.AccountsKept)),
        More("picture-limits.plate-characters", m => Number(m.PlatePixels), (before, now) => IsMore(before.PlatePixels, now.PlatePixels)),
        More("picture-limits.faces", m => Number(m.FacePixels), (before, now) => IsMore(before.FacePixels, now.FacePixels)),
        More("picture-limits.above", m => Word(m.PictureLimits), (before, now) => now.PictureLimits < before.PictureLimits),
        new("hand-carry-weeks", p => p.HandCarryWeeks?.ToString(CultureInfo.InvariantCulture) ?? "none", (before, now) => IsMore(before.HandCarryWeeks, now.HandCarryWeeks)),
        new("each-working-day", p => p.EachWorkingDay ? "on" : "off", (before, now) => before.EachWorkingDay && !now.EachWorkingDay),
        More("inspections.from", m => Day(m.InspectionsFrom), (before, now) => before.InspectionsFrom is { } first && (now.InspectionsFrom is not { } later || later > first)),
        More("experiment.until", m => Day(m.ExperimentUntil), (before, now) => before.ExperimentUntil is { } last && (now.ExperimentUntil is not { } later || later > last)),
        new("answer-within-days", p => p.AnswerWithinDays.ToString(CultureInfo.InvariantCulture), (before, now) => now.AnswerWithinDays > before.AnswerWithinDays),
        More("answers count working days", m => m.AnswersInWorkdays ? "yes" : "no", (before, now) => now.AnswersInWorkdays && !before.AnswersInWorkdays),
    ];

    private static PolicyField More(string name, Func<KeptPolicyDetails, string> text, Func<KeptPolicyDetails, KeptPolicyDetails, bool> isLooser) =>
        new(name, p => p.More is { } more ? text(more) : null, (before, now) => before.More is { } old && now.More is { } more && isLooser(old, more));

    /// <summary>Each bound by itself: one that is gone is looser, be it that another one has come.</summary>
    private static bool IsLonger(KeptRule before, KeptRule now) => IsMore(before.Days, now.Days) || (before.Until is { } last && (now.Until is not { } later || later > last));

    /// <summary>Without a bound there is no end.</summary>
    private static bool IsMore(double? before, double? now) => before is { } most && (now is not { } more || more > most);

    private static string Number(double? value) => value is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.##}") : "no limit";

    private static string Day(DateOnly? day) => day is { } known ? known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "none";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
