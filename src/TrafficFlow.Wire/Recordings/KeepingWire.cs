using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Recordings;

/// <summary>How a vault is kept, and what it is told to do for long.</summary>
internal static class KeepingWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<DescribeKeeping, Proto.DescribeKeeping>("describe-keeping-v1", q => new Proto.DescribeKeeping { By = RecordingsWire.Write(q.By) }, q => new DescribeKeeping(RecordingsWire.Read(q.By))),
        WireLine.For<KeepingDescribed, Proto.KeepingDescribed>("keeping-described-v1", Write, Read),
        WireLine.For<BeginVaultTask, Proto.BeginVaultTask>("begin-vault-task-v1", Write, Read),
        WireLine.For<GetVaultFile, Proto.GetVaultFile>(
            "get-vault-file-v1", q => new Proto.GetVaultFile { By = RecordingsWire.Write(q.By), Kind = (int)q.Kind, Id = q.Id }, q => new GetVaultFile(RecordingsWire.Read(q.By), WireValues.Enum<VaultFileKind>(q.Kind), q.Id)),
        WireLine.For<VaultFileFound, Proto.VaultFileFound>("vault-file-found-v1", a => new Proto.VaultFileFound { Id = a.Id, File = Write(a.File) }, a => new VaultFileFound(a.Id, Read(a.File))),
    ];

    private static ByteString Write(ImmutableArray<byte> bytes) => UnsafeByteOperations.UnsafeWrap(ImmutableCollectionsMarshal.AsArray(bytes));

    private static ImmutableArray<byte> Read(ByteString bytes) => ImmutableCollectionsMarshal.AsImmutableArray(bytes.ToByteArray());

    private static Proto.KeepingDescribed Write(KeepingDescribed k)
    {
        var result = new Proto.KeepingDescribed
        {
            Node = k.Node,
            Fingerprint = k.Fingerprint,
            Generation = k.Generation,
            OpensByItself = k.OpensByItself,
            IsClosedByHand = k.IsClosedByHand,
            Ways = { k.Ways.Select(Write) },
            Disk = (int)k.Disk,
            DiskFound = k.DiskFound,
            Swap = { k.Swap.Select(s => new Proto.SwapLine { Place = s.Place, Shield = (int)s.Shield }) },
            Trusted = { k.Trusted.Select(Write) },
            TakenIn = { k.TakenIn.Select(t => new Proto.TakenInLine { Id = t.Id, Bundle = t.Bundle, Volume = t.Volume, From = t.From, AtTicks = WireValues.Ticks(t.At), Segments = t.Segments }) },
            Tasks = { k.Tasks.Select(Write) },
            ClockTicks = WireValues.Ticks(k.Clock),
            ClockDoubt = k.ClockDoubt,
            Rules = { k.Rules.Select(Write) },
            Ends = { k.Ends.Select(Write) },
            ExportTakesTwo = k.ExportTakesTwo,
            EraseTakesTwo = k.EraseTakesTwo,
        };
        if (k.Oldest is { } oldest) result.OldestTicks = WireValues.Ticks(oldest);
        if (k.Newest is { } newest) result.NewestTicks = WireValues.Ticks(newest);
        return result;
    }

    private static KeepingDescribed Read(Proto.KeepingDescribed k) => new(
        k.Node, k.Fingerprint, k.Generation, k.OpensByItself, k.IsClosedByHand,
        [.. k.Ways.Select(w => new KeyWayLine(w.Id, WireValues.Enum<KeyWayKind>(w.Kind), w.Label, WireValues.Time(w.MadeTicks), w.Needed, w.Of, WireValues.Time(w.HasProvedTicks, w.ProvedTicks)))],
        WireValues.Enum<DiskShield>(k.Disk), k.DiskFound, [.. k.Swap.Select(s => new SwapLine(s.Place, WireValues.Enum<DiskShield>(s.Shield)))],
        WireValues.Time(k.HasOldestTicks, k.OldestTicks), WireValues.Time(k.HasNewestTicks, k.NewestTicks),
        [.. k.Trusted.Select(t => new TrustedLine(t.Node, t.Fingerprint, t.By, WireValues.Time(t.SinceTicks), WireValues.Time(t.HasEndedTicks, t.EndedTicks)))],
        [.. k.TakenIn.Select(t => new TakenInLine(t.Id, t.Bundle, t.Volume, t.From, WireValues.Time(t.AtTicks), t.Segments))],
        [.. k.Tasks.Select(t => new VaultTaskLine(
            t.Id, WireValues.Enum<VaultTask>(t.Task), t.What, t.By, WireValues.Time(t.BegunTicks), WireValues.Time(t.HasEndedTicks, t.EndedTicks), WireValues.Enum<VaultOrderOutcome>(t.Outcome), [.. t.Lines], t.Done, t.Of))],
        WireValues.Time(k.ClockTicks), k.ClockDoubt,
        [.. k.Rules.Select(r => new KeepRuleLine(
            new SiteId(r.Site), WireValues.Enum<KeptKind>(r.Kind), r.HasAgeSeconds ? TimeSpan.FromTicks(checked(r.AgeSeconds * TimeSpan.TicksPerSecond)) : null, r.LastDay == 0 ? null : DateOnly.FromDayNumber(r.LastDay), WireValues.Time(r.HasNextTicks, r.NextTicks)))],
        [.. k.Ends.Select(e => new EndLine(
            e.Id, e.Site.Length == 0 ? null : new SiteId(e.Site), e.Reason, e.By, WireValues.Time(e.BeganTicks), WireValues.Time(e.HasEndedTicks, e.EndedTicks), e.Steps, [.. e.Left.Select(l => new BilingualText(l.Japanese, l.English))], [.. e.Files]))],
        k.ExportTakesTwo, k.EraseTakesTwo);

    private static Proto.KeyWayLine Write(KeyWayLine w)
    {
        var result = new Proto.KeyWayLine { Id = w.Id, Kind = (int)w.Kind, Label = w.Label, MadeTicks = WireValues.Ticks(w.Made), Needed = w.Needed, Of = w.Of };
        if (w.Proved is { } proved) result.ProvedTicks = WireValues.Ticks(proved);
        return result;
    }

    private static Proto.TrustedLine Write(TrustedLine t)
    {
        var result = new Proto.TrustedLine { Node = t.Node, Fingerprint = t.Fingerprint, By = t.By, SinceTicks = WireValues.Ticks(t.Since) };
        if (t.Ended is { } ended) result.EndedTicks = WireValues.Ticks(ended);
        return result;
    }

    private static Proto.VaultTaskLine Write(VaultTaskLine t)
    {
        var result = new Proto.VaultTaskLine { Id = t.Id, Task = (int)t.Task, What = t.What, By = t.By, BegunTicks = WireValues.Ticks(t.Begun), Outcome = (int)t.Outcome, Lines = { t.Lines }, Done = t.Done, Of = t.Of };
        if (t.Ended is { } ended) result.EndedTicks = WireValues.Ticks(ended);
        return result;
    }

    private static Proto.KeepRuleLine Write(KeepRuleLine r)
    {
        var result = new Proto.KeepRuleLine { Site = r.Site.Value, Kind = (int)r.Kind, LastDay = r.LastDay?.DayNumber ?? 0 };
        if (r.Age is { } age) result.AgeSeconds = (long)age.TotalSeconds;
        if (r.Next is { } next) result.NextTicks = WireValues.Ticks(next);
        return result;
    }

    private static Proto.EndLine Write(EndLine e)
    {
        var result = new Proto.EndLine
        {
            Id = e.Id,
            Site = e.Site?.Value ?? "",
            Reason = e.Reason,
            By = e.By,
            BeganTicks = WireValues.Ticks(e.Began),
            Steps = e.Steps,
            Left = { e.Left.Select(l => new Proto.EndLeftLine { Japanese = l.Japanese, English = l.English }) },
            Files = { e.Files },
        };
        if (e.Ended is { } ended) result.EndedTicks = WireValues.Ticks(ended);
        return result;
    }

    private static Proto.BeginVaultTask Write(BeginVaultTask t)
    {
        var result = new Proto.BeginVaultTask
        {
            By = RecordingsWire.Write(t.By),
            Task = (int)t.Task,
            Scope = RecordingsWire.Write(t.Scope),
            Id = t.Id,
            Volume = t.Volume,
            Path = t.Path,
            Other = t.Other,
            VolumeBytes = t.VolumeBytes,
            Reason = t.Reason,
            File = Write(t.File),
            IsLook = t.IsLook,
            Approval = t.Approval,
        };
        if (t.Until is { } until) result.UntilTicks = WireValues.Ticks(until);
        return result;
    }

    private static BeginVaultTask Read(Proto.BeginVaultTask t) => new(
        RecordingsWire.Read(t.By), WireValues.Enum<VaultTask>(t.Task), RecordingsWire.Read(t.Scope), t.Id, t.Volume, t.Path, t.Other, t.VolumeBytes, WireValues.Time(t.HasUntilTicks, t.UntilTicks), t.Reason, Read(t.File), t.IsLook, t.Approval);
}
