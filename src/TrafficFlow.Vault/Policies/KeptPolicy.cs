using System.Globalization;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vault.Policies;

/// <summary>What the file of a site says of custody, as far as somebody could loosen it unseen.</summary>
/// <param name="PicturesKeepDays">From the event time; null for no limit.</param>
/// <param name="PicturesKeepUntil">Null for no limit.</param>
/// <param name="HandCarryWeeks">Null where nothing is carried by hand.</param>
public sealed record KeptPolicy(
    string Site, TwoPersonRule TwoPersons, Requirement EncryptedDisk, Requirement EncryptedLink, double? PicturesKeepDays, DateOnly? PicturesKeepUntil, int? HandCarryWeeks, bool EachWorkingDay, int AnswerWithinDays)
{
    /// <summary>What entries of older programs do not have; null in those.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public KeptPolicyDetails? More { get; init; }

    /// <summary>Of a site, be it that its file says nothing of custody.</summary>
    public static KeptPolicy Of(Site site)
    {
        var pictures = site.Custody?.Retention.Pictures ?? default;
        return new KeptPolicy(
            site.Id.Value, site.Custody?.TwoPersons ?? TwoPersonRule.Off, site.Custody?.EncryptedDisk ?? Requirement.Off, site.Custody?.EncryptedLink ?? Requirement.Off, pictures.MaxAge?.TotalDays, pictures.KeepUntil,
            site.Custody?.HandCarryWeeks, site.Custody?.InspectsEachWorkday ?? false, (site.Custody?.Requests ?? RequestTerms.Default).AnswerWithinDays)
        { More = KeptPolicyDetails.Of(site.Custody) };
    }

    /// <summary>How long pictures are kept.</summary>
    [JsonIgnore]
    public KeepRule Pictures => new(PicturesKeepDays is { } days ? TimeSpan.FromDays(days) : null, PicturesKeepUntil);

    /// <summary>Something protects less than before.</summary>
    public bool IsLooserThan(KeptPolicy before) => Loosened(before).Count > 0;

    /// <summary>What protects less than before.</summary>
    public IReadOnlyList<PolicyDifference> Loosened(KeptPolicy before) => [.. Fields.Where(f => f.IsLooser(before, this)).Select(f => Differing(f, before))];

    /// <summary>What is still looser than it was before some change, of what that change has loosened.</summary>
    /// <param name="change">What the site's file said right after that change.</param>
    public IReadOnlyList<PolicyDifference> StillLoosened(KeptPolicy before, KeptPolicy change) => [.. Fields.Where(f => f.IsLooser(before, change) && f.IsLooser(before, this)).Select(f => Differing(f, before))];

    /// <summary>All that it says, each with its name; the text is null where an older program did not look at it.</summary>
    public IReadOnlyList<(string Name, string? Text)> FieldTexts() => [.. Fields.Select(f => (f.Name, f.TextOf(this)))];

    /// <summary>What differs, each as "NAME: OLD, now NEW"; all of it where there was nothing before.</summary>
    public IReadOnlyList<string> Changes(KeptPolicy? before)
    {
        var changes = new List<string>();
        foreach (var field in Fields)
        {
            if (field.TextOf(this) is not { } now) continue;
            // What an older program did not look at is told, and is no change.
            if (before is null || field.TextOf(before) is not { } old) changes.Add($"{field.Name} {now}");
            else if (old != now) changes.Add(Differing(field, before).ToString());
        }

        return changes;
    }

    private static IReadOnlyList<PolicyField> Fields => PolicyField.All;

    private PolicyDifference Differing(PolicyField field, KeptPolicy before) => new(field.Name, field.TextOf(before) ?? "", field.TextOf(this) ?? "");
}

/// <summary>One thing of a policy that is not as it was.</summary>
/// <param name="Name">As in the site file, where it has one name there.</param>
public sealed record PolicyDifference(string Name, string Before, string Now)
{
    /// <summary>For people: "NAME: OLD, now NEW".</summary>
    public override string ToString() => $"{Name}: {Before}, now {Now}";
}

/// <summary>More of the same, in the words of the notices; texts, so that two of them are equal where they say the same.</summary>
/// <param name="JourneysKept">How long, as a site file says it.</param>
/// <param name="PlatePixels">Most of a plate's figures in the picture; null for no limit.</param>
/// <param name="FacePixels">The same of faces.</param>
/// <param name="Networks">In which pictures may come in the clear, in an order of their own; empty for none.</param>
/// <param name="InspectionsFrom">The first is due then; null where nothing is inspected.</param>
/// <param name="ExperimentUntil">Null for no stated end.</param>
public sealed record KeptPolicyDetails(
    KeptRule JourneysKept, KeptRule CountsKept, KeptRule AuditKept, KeptRule AccountsKept, double? PlatePixels, double? FacePixels, Requirement PictureLimits, string Networks, DateOnly? InspectionsFrom, DateOnly? ExperimentUntil,
    bool AnswersInWorkdays)
{
    internal static KeptPolicyDetails Of(CustodyPolicy? custody)
    {
        var retention = custody?.Retention ?? RetentionPolicy.Unlimited;
        return new KeptPolicyDetails(
            KeptRule.Of(retention.Journeys), KeptRule.Of(retention.Counts), KeptRule.Of(retention.Audit), KeptRule.Of(retention.Accounts), custody?.PictureLimits?.PlateCharacterPixels, custody?.PictureLimits?.FacePixels,
            custody?.PictureLimits?.Above ?? Requirement.Off, string.Join(", ", (custody?.Networks ?? []).Select(n => n.Range.ToString()).Order(StringComparer.Ordinal)),
            custody is { Inspections: { Count: > 0 } plans } ? plans.Min(p => p.From) : null, custody?.Experiment?.Until, custody?.Requests.CountsWorkdays ?? false);
    }
}

/// <param name="Days">From the event time; null for no limit.</param>
/// <param name="Until">Null for no limit.</param>
public readonly record struct KeptRule(double? Days, DateOnly? Until)
{
    internal static KeptRule Of(KeepRule rule) => new(rule.MaxAge?.TotalDays, rule.KeepUntil);

    /// <summary>For people.</summary>
    public override string ToString() => Days is null && Until is null ? "no limit" : string.Join(", ", new[]
    {
        Days is { } days ? string.Create(CultureInfo.InvariantCulture, $"{days:0.##} days") : null, Until is { } last ? string.Create(CultureInfo.InvariantCulture, $"until {last:yyyy-MM-dd}") : null,
    }.OfType<string>());
}

/// <summary>What the register of policies holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PolicyFound), "found")]
public abstract record PolicyEvent;

/// <summary>A node has found this in a site's file. Who wrote it there is not known to it.</summary>
public sealed record PolicyFound(KeptPolicy Policy) : PolicyEvent;
