using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Frames for training and evaluation: which segments, approved and in the ledger of copies before the first picture is given.</summary>
internal sealed partial class VaultDesk
{
    /// <summary>Of a set of learning data: frames are many.</summary>
    private const int MostSegments = 1440;

    /// <summary>Sets that are being made at once.</summary>
    private const int MostSets = 16;

    /// <summary>A set is made within this time, or begun anew.</summary>
    private static readonly TimeSpan s_setFor = TimeSpan.FromHours(24);

    private readonly Dictionary<string, LearningExport> _sets = new(StringComparer.Ordinal);

    /// <param name="By">The custodian who has logged in for it.</param>
    /// <param name="Began">Of the monotonic clock.</param>
    private sealed record LearningExport(string Copy, Principal By, FrozenSet<SegmentPlace> Segments, long Began);

    /// <summary>How long pictures of a site are kept; null where nobody knows its file.</summary>
    public Func<SiteId, (KeepRule Rule, TimeZoneInfo Zone)?> Kept { get; init; } = _ => null;

    /// <summary>Frames are for custodians alone, whatever the rule of two persons says.</summary>
    /// <exception cref="RegisterException">No custodian has logged in.</exception>
    public static Principal CustodianOf(Principal by) => RoleAuthorization.HasLoggedInAs(by, Role.Custodian) ? by
        : throw new RegisterException($"{by} is no custodian who has logged in: frames for learning are exported, and labels taken back, by a custodian (管理責任者) alone, with --as ACCOUNT. Nothing was done");

    private Task<VaultAnswer> LearnAsync(VaultRequest request, Principal by) => ApprovedAsync(
        ApprovalKind.Export, $"export frames for learning of {request.Scope.Checked()} to {request.Path}", CustodianOf(by), _ => RecordedAsync(request, by, "vault learn export", () => Learn(request, by), AuditKind.Export));

    /// <returns>What was approved and entered under a ticket.</returns>
    /// <exception cref="RegisterException">There is no such set, or none any more.</exception>
    private LearningExport SetOf(string ticket)
    {
        lock (_sets)
        {
            return _sets.TryGetValue(ticket, out var set) && time.GetElapsedTime(set.Began) < s_setFor ? set
                : throw new RegisterException("the set for learning was not begun here, or too long ago: was the node started anew meanwhile? Export it anew, and end the copy of this one (trafficflow vault end-copy)");
        }
    }

    private string Begin(LearningExport set)
    {
        var ticket = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_sets)
        {
            foreach (var old in _sets.Where(s => time.GetElapsedTime(s.Value.Began) >= s_setFor).Select(s => s.Key).ToList()) _sets.Remove(old);
            if (_sets.Count >= MostSets) _sets.Remove(_sets.MinBy(s => s.Value.Began).Key);
            _sets[ticket] = set;
        }

        return ticket;
    }

    /// <returns>The entry of the ledger, until when it may be kept, and the ticket with which its segments are opened; then each segment, of which only whole and cut ones are named.</returns>
    private List<string> Learn(VaultRequest request, Principal by)
    {
        var scope = request.Scope.Checked();
        if (scope.Site is not { } site) throw new FormatException("of which site? --site SITE: each set is of one site, whose retention holds for it");
        if (vault.WhyEnded(site) is { } why) throw new FormatException($"{why}, and nothing of it is given out any more");
        if (string.IsNullOrWhiteSpace(request.Path)) throw new FormatException("where to? --out FOLDER");
        var segments = vault.Recorded.List(site, scope.Camera, scope.From, scope.To).Where(s => s.State is SegmentState.Whole or SegmentState.Cut).ToList();
        if (segments.Count == 0) throw new FormatException($"nothing of {scope} is recorded: trafficflow vault list shows what there is");
        if (segments.Count > MostSegments) throw new FormatException($"{segments.Count} segments are more than the {MostSegments} of one set: bound the time with --from and --to");
        var now = time.GetUtcNow();
        // The source that ends first is the measure: no picture may outlive its own segment.
        var until = Kept(site) is var (rule, zone) ? segments.Min(s => rule.EndOf(s.Until(vault.Options.Longest), zone)) ?? now.AddDays(UsualDays) : now.AddDays(UsualDays);
        if (until <= now) throw new FormatException($"recordings of {scope} have reached the age that the file of {site} allows: nothing of them is given out any more");
        var exact = scope with { From = segments.Min(s => s.From), To = segments.Max(s => s.Until(vault.Options.Longest)) };
        var copy = vault.Copies.Add(CopyKind.Learning, exact, by.Name, $"frames in clear for training and evaluation, {request.Path}", until);
        var ticket = Begin(new LearningExport(copy.Id, by, segments.Select(s => s.Place).ToFrozenSet(), time.GetTimestamp()));
        return [string.Create(CultureInfo.InvariantCulture, $"{copy.Id}\t{until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\t{ticket}"), .. segments.Select(s => s.Place.ToString())];
    }
}
