using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vault.Erasure;

/// <summary>Which recordings: a time of a camera or a site, a camera, a site, or all. Null leaves a bound away.</summary>
/// <param name="From">Segments that end before, or then, are left out.</param>
/// <param name="To">Segments that begin then or later are left out.</param>
public sealed record EraseScope(SiteId? Site = null, CameraId? Camera = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public static readonly EraseScope All = new();

    /// <summary>No time bounds it: the keys of what it names are destroyed with it.</summary>
    public bool IsWhole => From is null && To is null;

    /// <exception cref="FormatException">It names a camera without its site, or ends before it begins.</exception>
    public EraseScope Checked() =>
        Camera is not null && Site is null ? throw new FormatException("name the site of the camera too")
        : From >= To ? throw new FormatException($"the time ends ({To:O}) before it begins ({From:O})")
        : this;

    public bool Covers(SiteId site, CameraId camera) => (Site is not { } s || s == site) && (Camera is not { } c || c == camera);

    /// <summary>Whether there may be anything that both name.</summary>
    public bool Meets(EraseScope other) =>
        (Site is not { } s || other.Site is not { } t || s == t) && (Camera is not { } c || other.Camera is not { } d || c == d)
        && (From ?? DateTimeOffset.MinValue) < (other.To ?? DateTimeOffset.MaxValue) && (other.From ?? DateTimeOffset.MinValue) < (To ?? DateTimeOffset.MaxValue);

    /// <summary>The smallest one that holds several.</summary>
    internal static EraseScope Around(IReadOnlyList<EraseScope> parts) => new(
        parts.Select(p => p.Site).Distinct().ToList() is [var site] ? site : null,
        parts.Select(p => (p.Site, p.Camera)).Distinct().ToList() is [var (_, camera)] ? camera : null,
        parts.Any(p => p.From is null) ? null : parts.Min(p => p.From),
        parts.Any(p => p.To is null) ? null : parts.Max(p => p.To));

    public override string ToString() =>
        $"{(Site is null ? "all sites" : Camera is null ? $"site {Site}" : $"camera {Camera} of site {Site}")}{(From is { } f ? $" from {f:yyyy-MM-dd'T'HH:mm:ssK}" : "")}{(To is { } t ? $" to {t:yyyy-MM-dd'T'HH:mm:ssK}" : "")}";
}

/// <summary>Why something is erased, and who wanted it.</summary>
/// <param name="By">Name of a person, or of what the program does by itself.</param>
/// <param name="Account">How that was checked, as in the audit.</param>
/// <param name="Approval">Id of another person's approval; null where none is asked for.</param>
/// <param name="Parts">Where segments were chosen one by one, as by their age or by a confirmation: each time of a camera of which all was chosen. Null where the scope says it.</param>
public sealed record EraseOrder(EraseScope Scope, string Reason, string By, string Account, string? Approval = null, IReadOnlyList<EraseScope>? Parts = null)
{
    public const int LongestReason = 1000;

    /// <exception cref="FormatException">There is no reason, or it is too long.</exception>
    public EraseOrder Checked()
    {
        if (string.IsNullOrWhiteSpace(Reason)) throw new FormatException("an erasure needs its reason: it stands in the receipt");
        if (Reason.Length > LongestReason) throw new FormatException($"the reason has {Reason.Length} characters; {LongestReason} are the most");
        return this with { Scope = Scope.Checked() };
    }
}

/// <summary>Nothing was erased; the message says why and what to do.</summary>
public sealed class ErasureException(string message, Exception? inner = null) : Exception(message, inner);
