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
    /// <summary>Of a site, be it that its file says nothing of custody.</summary>
    public static KeptPolicy Of(Site site)
    {
        var pictures = site.Custody?.Retention.Pictures ?? default;
        return new KeptPolicy(
            site.Id.Value, site.Custody?.TwoPersons ?? TwoPersonRule.Off, site.Custody?.EncryptedDisk ?? Requirement.Off, site.Custody?.EncryptedLink ?? Requirement.Off, pictures.MaxAge?.TotalDays, pictures.KeepUntil,
            site.Custody?.HandCarryWeeks, site.Custody?.InspectsEachWorkday ?? false, (site.Custody?.Requests ?? RequestTerms.Default).AnswerWithinDays);
    }

    /// <summary>How long pictures are kept.</summary>
    [JsonIgnore]
    public KeepRule Pictures => new(PicturesKeepDays is { } days ? TimeSpan.FromDays(days) : null, PicturesKeepUntil);

    /// <summary>Fewer deeds take two persons than before.</summary>
    public bool IsLooserThan(KeptPolicy before) => (before.TwoPersons & ~TwoPersons) != TwoPersonRule.Off;

    /// <summary>What differs, each as "NAME: OLD, now NEW"; all of it where there was nothing before.</summary>
    public IReadOnlyList<string> Changes(KeptPolicy? before)
    {
        var changes = new List<string>();
        Tell("two-person-rule", p => Word(p.TwoPersons));
        Tell("require-encrypted-disk", p => Word(p.EncryptedDisk));
        Tell("require-encrypted-link", p => Word(p.EncryptedLink));
        Tell("retention of pictures", p => p.PicturesKeepDays is null && p.PicturesKeepUntil is null ? "no limit" : string.Join(", ", new[] { p.PicturesKeepDays is { } days ? string.Create(CultureInfo.InvariantCulture, $"{days:0.##} days") : null, p.PicturesKeepUntil is { } last ? string.Create(CultureInfo.InvariantCulture, $"until {last:yyyy-MM-dd}") : null }.OfType<string>()));
        Tell("hand-carry-weeks", p => p.HandCarryWeeks?.ToString(CultureInfo.InvariantCulture) ?? "none");
        Tell("each-working-day", p => p.EachWorkingDay ? "on" : "off");
        Tell("answer-within-days", p => p.AnswerWithinDays.ToString(CultureInfo.InvariantCulture));
        return changes;

        void Tell(string name, Func<KeptPolicy, string> of)
        {
            if (before is null) changes.Add($"{name} {of(this)}");
            else if (of(before) != of(this)) changes.Add($"{name}: {of(before)}, now {of(this)}");
        }
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>What the register of policies holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PolicyFound), "found")]
public abstract record PolicyEvent;

/// <summary>A node has found this in a site's file. Who wrote it there is not known to it.</summary>
public sealed record PolicyFound(KeptPolicy Policy) : PolicyEvent;
