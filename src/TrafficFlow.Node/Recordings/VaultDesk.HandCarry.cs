using TrafficFlow.Core.Files;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>What is carried by hand: identities, bundles, imports, confirmations.</summary>
internal sealed partial class VaultDesk
{
    internal const long UsualVolumeBytes = 32L << 30;

    private List<string> Identity(VaultRequest request)
    {
        var (file, identity) = vault.Identity();
        if (request.Path is not { } path) return [System.Text.Encoding.UTF8.GetString(file), $"fingerprint {identity.Fingerprint}"];
        FileDraft.Write(path, file);
        return [$"{path} says who this vault is. Give it to the other side, and tell them by another way (telephone, paper):", $"fingerprint {identity.Fingerprint}"];
    }

    /// <summary>Whoever is trusted can be carried to, and what it confirms is erased: either rule asks for two persons.</summary>
    private ApprovalKind OfTrust => approvals.Rules.Covers(ApprovalKind.Export) ? ApprovalKind.Export : ApprovalKind.Erase;

    private string Describe(VaultRequest request) =>
        $"carry recordings of {request.Scope.Checked()} to {vault.Trusted.Find(request.Other ?? "").Fingerprint} ({request.Other}){(request.Until is { } until ? $", on disks until {Minute(until)}" : "")}";

    private string Describe(VaultRequest request, int volume) => $"write volume {volume} of bundle {request.Id} once more into {request.Path}";

    private string DescribeConfirmation(VaultRequest request)
    {
        var file = request.File ?? throw new FormatException("name the file CONFIRMATION of a volume");
        var confirmation = ImportConfirmation.Read(file, vault.Trusted.All);
        return $"erase {confirmation.Segments.Count} segments that {confirmation.Node} has taken in with volume {confirmation.Volume} of bundle {confirmation.Bundle} (confirmation {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file))})";
    }

    /// <summary>What another person would approve, in the words of the verb.</summary>
    /// <returns>Null for what nobody need approve by any rule.</returns>
    /// <exception cref="FormatException">The request is none.</exception>
    /// <exception cref="HandCarryException">The other vault is not trusted.</exception>
    /// <exception cref="VaultFileException">A register cannot be read.</exception>
    internal string? ApprovableIn(VaultRequest request) => request.Verb switch
    {
        "trust" => $"trust vault {FingerprintOf(request)}",
        "export" when Rewritten(request) is { } volume => Describe(request, volume),
        "export" when request.Id is null => Describe(request),
        "confirm" => DescribeConfirmation(request),
        _ => null,
    };

    private Task<VaultAnswer> ApprovedAsync(VaultRequest request, ApprovalKind kind, string description, Principal by, Func<string?, Task<VaultAnswer>> run) =>
        request.Approval is { } given ? run(given) : ApprovedAsync(kind, description, by, run);

    private static string TargetOf(VaultRequest request) => $"{(request.Id is { } bundle ? $"bundle {bundle}" : $"{request.Scope}, for {request.Other}")}, to {request.Path}";

    /// <summary>A volume that was written whole before: one more copy than was approved.</summary>
    private int? Rewritten(VaultRequest request) =>
        request is { Id: { } id, Volume: { } number } && vault.Exports.FirstOrDefault(b => b.Bundle == id)?.Volumes.FirstOrDefault(v => v.Number == number) is { State: not VolumeState.Planned } ? number : null;

    private List<string> Rewrite(VaultRequest request, int volume, Principal by)
    {
        var bundle = vault.Exports.First(b => b.Bundle == request.Id);
        var into = request.Path ?? throw new FormatException("where to? Name a folder on the disk that is carried: --into /mnt/trafficflow");
        // Before it is written: a copy that nobody knows of must not be.
        var (ends, passed) = (Ends(), vault.Passed);
        var named = bundle.Volumes.First(v => v.Number == volume).Segments.ToHashSet(StringComparer.Ordinal);
        // What has reached its age meanwhile is not written again.
        var (until, sooner) = Ending(vault.Recorded.List(bundle.Scope.Site, bundle.Scope.Camera, bundle.Scope.From, bundle.Scope.To).Where(s => named.Contains(s.Place.ToString()) && s.State is SegmentState.Whole or SegmentState.Cut && !(ends(s) <= passed)), request.Until);
        var copy = vault.Copies.Add(CopyKind.Bundle, bundle.Scope, by.Name, $"volume {volume} of bundle {bundle.Bundle}, written once more into {into}, encrypted to the key of {bundle.To}", until);
        return [$"{copy.Id}: until {Minute(copy.Until)}{(sooner.Length > 0 ? $"; {sooner}" : "")}", .. Export(request, by)];
    }

    private static string FingerprintOf(VaultRequest request) => VaultIdentity.Read(request.File ?? throw new FormatException("name the file of the other vault's identity")).Fingerprint;

    private List<string> Trust(VaultRequest request, Principal by)
    {
        var identity = VaultIdentity.Read(request.File ?? throw new FormatException("name the file of the other vault's identity"));
        var trusted = vault.Trusted.Add(identity, request.Other ?? throw new FormatException($"compare the fingerprint by another way than the file, and give what you were told: --fingerprint {identity.Fingerprint[..9]}…"), by.Name);
        return [$"{trusted.Identity.Node} ({trusted.Fingerprint}) is trusted: bundles can be carried to it and from it"];
    }

    private List<string> Distrust(VaultRequest request)
    {
        vault.Trusted.End(request.Other ?? "");
        return [$"{request.Other} is trusted no more"];
    }

    private List<string> Trusted() => vault.Trusted.All is { Count: > 0 } all
        ? [.. all.Select(t => $"{t.Identity.Node}\t{t.Fingerprint}\t{(t.Ended is { } ended ? $"until {Minute(ended)}" : "trusted")}\tsince {Minute(t.Since)}, by {t.By}")]
        : ["no other vault is trusted: trafficflow vault trust"];

    private List<string> Exports() => vault.Exports is { Count: > 0 } all
        ? [.. all.SelectMany(b => (IEnumerable<string>)[Told(b), .. CarriedHeights.Of(b.Volumes).Select(h => $"  {h}")])]
        : ["no bundles"];

    private static string Told(BundleRecord b) => $"{b.Bundle}\t{b.Scope}\t{string.Join(", ", b.Volumes.Select(v => $"volume {v.Number} {v.State.ToString().ToLowerInvariant()} ({v.Segments.Count} segments)"))}\tto {b.To}, by {b.By}";

    private List<string> Export(VaultRequest request, Principal by)
    {
        var into = request.Path ?? throw new FormatException("where to? Name a folder on the disk that is carried: --into /mnt/trafficflow");
        var (lines, bundle) = (new List<string>(), request.Id);
        var left = new LeftOut(Ends(), vault.Passed);
        if (bundle is null)
        {
            var until = request.Until ?? time.GetUtcNow().AddDays(UsualDays);
            var planned = vault.PlanExport(request.Scope, request.Other ?? throw new FormatException("to whom? --for NAME of a vault that is trusted"), request.VolumeBytes ?? UsualVolumeBytes, until, by.Name, left.EndOf);
            bundle = planned.Bundle;
            // The first of its sources that ends may have shortened it.
            var end = vault.Copies.All.First(c => c.Id == planned.Copy).Until;
            lines.Add($"bundle {bundle}: {planned.Volumes.Sum(v => v.Segments.Count)} segments on {planned.Volumes.Count} volumes, on disks until {Minute(end)}{(end < until ? $"; {Sooner(end, request.Until)}" : "")}");
            lines.AddRange(left.Told);
            left = new LeftOut(Ends(), vault.Passed);
        }

        var record = vault.Exports.FirstOrDefault(b => b.Bundle == bundle) ?? throw new HandCarryException($"there is no bundle {Core.Texts.PlainText.Of(bundle, 40)}: trafficflow vault exports lists them");
        var next = request.Volume ?? record.Volumes.FirstOrDefault(v => v.State == VolumeState.Planned)?.Number ?? throw new HandCarryException($"all volumes of bundle {bundle} are written: name one with --volume to write it again");
        var begun = 0;
        request.Counted?.Invoke(record.Volumes.FirstOrDefault(v => v.Number == next)?.Segments.Count ?? 0);
        try
        {
            lines.Add($"volume {next} is whole in {vault.WriteVolume(bundle, next, into, Begin)}");
            if (begun > 0) request.Done?.Invoke();
            lines.AddRange(left.Told);
        }
        catch (HandCarryException e)
        {
            throw new HandCarryException($"{e.Message} (bundle {bundle}, --volume {next})", e);
        }

        lines.AddRange((vault.Exports.First(b => b.Bundle == bundle).Volumes.First(v => v.Number == next).Heights ?? []).Select(h => $"  {h}"));
        var open = record.Volumes.Count(v => v.State == VolumeState.Planned && v.Number != next);
        lines.Add(open == 0 ? $"bundle {bundle} is whole: carry it, take it in there (trafficflow vault import), and bring the confirmation back (trafficflow vault confirm)" : $"{open} volumes are left: put the next disk in, and go on with --bundle {bundle}");
        return lines;

        // Asked before each is written: the one before is on the disk then.
        DateTimeOffset? Begin(RecordedSegment segment)
        {
            if (begun++ > 0) request.Done?.Invoke();
            return left.EndOf(segment);
        }
    }

    private List<string> CancelExport(VaultRequest request)
    {
        vault.CancelExport(request.Id ?? "");
        return [$"bundle {request.Id} is given up. What is on disks of it can still be opened by its recipient: destroy it, and note so with trafficflow vault end-copy"];
    }

    private List<string> Import(VaultRequest request)
    {
        var outcome = vault.Import(request.Path ?? throw new FormatException("what? Name the folder of a volume, /mnt/trafficflow/trafficflow-…"));
        var lines = outcome.Problems.ToList();
        lines.Add($"volume {outcome.Manifest.Volume} of {outcome.Manifest.Of}, bundle {outcome.Manifest.Bundle} of {outcome.Manifest.Node}: {outcome.TakenIn} segments taken in, {outcome.Before} were here, {outcome.Gone} were erased here since");
        lines.AddRange(outcome.Manifest.Heights is { } heights ? heights.Select(h => $"  {h}") : ["  how high plates and faces can be in it, the bundle does not say: it was written by an earlier version"]);
        if (outcome.Problems.Count > 0) lines.Add($"NOT WHOLE: {outcome.Problems.Count} problems; what has one is not confirmed, stays where it was recorded, and is carried with the next bundle");
        else lines.Add("all of it is confirmed: bring the file CONFIRMATION back (trafficflow vault confirm, there), and it is erased there");
        return lines;
    }

    private List<string> Confirm(VaultRequest request, Principal by)
    {
        var (confirmation, erased, receipt) = vault.Confirm(request.File ?? throw new FormatException("name the file CONFIRMATION of a volume"), by.Name, by.Account);
        return [$"{confirmation.Node} has taken in {confirmation.Segments.Count} segments of volume {confirmation.Volume}, bundle {confirmation.Bundle}; {erased} were erased here now{(receipt is null ? "" : $", receipt {receipt}")}"];
    }
}
