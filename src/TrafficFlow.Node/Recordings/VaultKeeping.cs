using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Disks;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Recordings;

namespace TrafficFlow.Node.Recordings;

/// <summary>How a vault is kept, for pages: what is costly to find out is kept for some minutes. Thread-safe.</summary>
/// <param name="sites">In force.</param>
internal sealed class VaultKeeping(NodeVault node, VaultTasks tasks, Func<IReadOnlyList<Site>> sites, TimeProvider time)
{
    /// <summary>Of each list: a page of people, not a file.</summary>
    private const int Most = 100;

    private static readonly TimeSpan s_surveyFor = TimeSpan.FromMinutes(2);

    private readonly Lock _surveying = new();
    private Survey? _survey;

    private sealed record Survey(long At, DateTimeOffset? Oldest, DateTimeOffset? Newest, ImmutableDictionary<SiteId, DateTimeOffset> Next, string Fingerprint);

    /// <exception cref="VaultFileException">A register of it cannot be read.</exception>
    public KeepingDescribed Describe(RecordingVault vault)
    {
        var (master, survey, rules) = (vault.Keys.Master, SurveyOf(vault), node.Rules);
        var disk = new DiskSurvey().Look(node.Data);
        return new KeepingDescribed(
            vault.Node, survey.Fingerprint, master?.Generation ?? 0, node.OpensByItself, vault.IsClosedByHand,
            [.. (master?.Slots ?? []).Select(s => new KeyWayLine(s.Id, s.Kind switch { SlotKind.Credential => KeyWayKind.Credential, SlotKind.Passphrase => KeyWayKind.Passphrase, _ => KeyWayKind.Shares }, s.Label, s.Made, s.Needed, s.Of, vault.Proofs.Of(s.Id)?.At))],
            (DiskShield)disk.Protection, PlainText.Of(string.Join("; ", disk.FoundFrom), 1000), [.. disk.Swap.Take(Most).Select(s => new SwapLine(PlainText.Of(s.Place, 200), (DiskShield)s.Protection))],
            survey.Oldest, survey.Newest,
            [.. vault.Trusted.All.OrderBy(t => t.Ended is not null).ThenByDescending(t => t.Since).Take(Most).Select(t => new TrustedLine(PlainText.Of(t.Identity.Node, 200), t.Fingerprint, t.By, t.Since, t.Ended))],
            [.. TakenVolumes.Of(vault.Folder, Most).Select(t => new TakenInLine(t.Name, t.Bundle, t.Volume, NameOf(vault, t.From), t.At, t.Segments ?? -1))],
            tasks.Lines(), time.GetUtcNow(), node.ClockDoubt ?? "", [.. Rules(survey)], [.. vault.Ends.All.Reverse().Take(Most).Select(e => Line(e, vault.Ends))],
            rules.Covers(Vault.Approvals.ApprovalKind.Export), rules.Covers(Vault.Approvals.ApprovalKind.Erase));
    }

    /// <summary>Files of the report on an end, as they may be asked for.</summary>
    /// <returns>Null where there is none of that name.</returns>
    public static string? ReportFile(RecordingVault vault, string name) =>
        vault.Ends.All.Any(e => FilesOf(e, vault.Ends).Contains(name)) ? Path.Combine(vault.Ends.Reports, name[..name.IndexOf('.', StringComparison.Ordinal)], name) : null;

    private IEnumerable<KeepRuleLine> Rules(Survey survey) =>
        from site in sites()
        from kind in Enum.GetValues<KeptKind>()
        let rule = site.Custody?.Retention.Of(kind) ?? default
        select new KeepRuleLine(site.Id, kind, rule.MaxAge, rule.KeepUntil, kind == KeptKind.Pictures && survey.Next.TryGetValue(site.Id, out var next) ? next : null);

    private static string NameOf(RecordingVault vault, string? id) => id is null ? "" : vault.Trusted.All.FirstOrDefault(t => t.Identity.Id == id) is { } trusted ? PlainText.Of(trusted.Identity.Node, 200) : id;

    private static EndLine Line(EndState end, EndRegister ends) => new(
        end.Id, end.Site, end.Reason, end.By, end.Began, end.Ended, end.Steps.Count, [.. end.Steps.SelectMany(s => s.Left).Take(Most)], [.. FilesOf(end, ends)]);

    private static List<string> FilesOf(EndState end, EndRegister ends)
    {
        var folder = Path.Combine(ends.Reports, end.Id);
        string[] names = [end.Id + EndReportFile.Ending, $"{end.Id}.ja.pdf", $"{end.Id}.ja.html", $"{end.Id}.en.pdf", $"{end.Id}.en.html"];
        return [.. names.Where(n => File.Exists(Path.Combine(folder, n)))];
    }

    /// <summary>All lists are read for it: not for each page that somebody opens.</summary>
    private Survey SurveyOf(RecordingVault vault)
    {
        lock (_surveying)
        {
            if (_survey is { } known && time.GetElapsedTime(known.At) < s_surveyFor && known.Fingerprint.Length > 0 == (vault.Keys.State == VaultState.Open)) return known;
            DateTimeOffset? oldest = null, newest = null;
            var next = ImmutableDictionary.CreateBuilder<SiteId, DateTimeOffset>();
            var (setups, holds) = (sites().ToDictionary(s => s.Id), vault.Holds.Meeting(EraseScope.All));
            foreach (var segment in vault.Recorded.List().Where(s => s.State is SegmentState.Whole or SegmentState.Cut))
            {
                if (oldest is null || segment.From < oldest) oldest = segment.From;
                if (newest is null || segment.From > newest) newest = segment.From;
                var until = segment.Until(vault.Options.Longest);
                if (setups.GetValueOrDefault(segment.Place.Site) is not { Custody: { } custody } setup || custody.Retention.Pictures.EndOf(until, setup.TimeZone) is not { } end) continue;
                if (next.TryGetValue(segment.Place.Site, out var sooner) && sooner <= end) continue;
                if (!holds.Any(h => h.Scope.Meets(new EraseScope(segment.Place.Site, segment.Place.Camera, segment.From, until)))) next[segment.Place.Site] = end;
            }

            return _survey = new Survey(time.GetTimestamp(), oldest, newest, next.ToImmutable(), vault.Keys.State == VaultState.Open ? vault.Identity().Identity.Fingerprint : "");
        }
    }
}
