using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Recordings;

/// <summary>Questions about recordings from a server to a node that has a vault, and their answers.</summary>
internal static class RecordingsWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<ListRecordings, Proto.ListRecordings>(
            "list-recordings-v1",
            q => new Proto.ListRecordings { By = Write(q.By), Site = q.Site.Value, Cameras = { q.Cameras.Select(c => c.Value) }, FromTicks = WireValues.Ticks(q.From), ToTicks = WireValues.Ticks(q.To), After = q.After },
            q => new ListRecordings(Read(q.By), new SiteId(q.Site), [.. q.Cameras.Select(c => new CameraId(c))], WireValues.Time(q.FromTicks), WireValues.Time(q.ToTicks), q.After)),
        WireLine.For<RecordingsListed, Proto.RecordingsListed>(
            "recordings-listed-v1",
            a => new Proto.RecordingsListed { Cameras = { a.Cameras.Select(c => c.Value) }, Segments = { a.Segments.Select(Write) }, Next = a.Next },
            a => new RecordingsListed([.. a.Cameras.Select(c => new CameraId(c))], [.. a.Segments.Select(Read)], a.Next)),
        WireLine.For<DescribeVault, Proto.DescribeVault>("describe-vault-v1", q => new Proto.DescribeVault { By = Write(q.By) }, q => new DescribeVault(Read(q.By))),
        WireLine.For<VaultDescribed, Proto.VaultDescribed>("vault-described-v1", Write, Read),
        WireLine.For<OrderVault, Proto.OrderVault>("order-vault-v1", Write, Read),
        WireLine.For<VaultOrdered, Proto.VaultOrdered>(
            "vault-ordered-v1",
            a => new Proto.VaultOrdered { Outcome = (int)a.Outcome, Lines = { a.Lines }, Receipts = { a.Receipts }, Task = a.Task, Undone = a.IsUndone },
            a => new VaultOrdered(WireValues.Enum<VaultOrderOutcome>(a.Outcome), [.. a.Lines], [.. a.Receipts]) { Task = a.Task, IsUndone = a.Undone }),
        WireLine.For<GetReceipt, Proto.GetReceipt>("get-receipt-v1", q => new Proto.GetReceipt { By = Write(q.By), Id = q.Id }, q => new GetReceipt(Read(q.By), q.Id)),
        WireLine.For<ReceiptFound, Proto.ReceiptFound>(
            "receipt-found-v1", a => new Proto.ReceiptFound { Id = a.Id, File = Write(a.File), PublicKey = Write(a.PublicKey) }, a => new ReceiptFound(a.Id, Read(a.File), Read(a.PublicKey))),
        WireLine.For<OpenRecording, Proto.OpenRecording>(
            "open-recording-v1",
            q => new Proto.OpenRecording { By = Write(q.By), Site = q.Site.Value, Camera = q.Camera.Value, Name = q.Name, Viewer = Write(q.Viewer) },
            q => new OpenRecording(Read(q.By), new SiteId(q.Site), new CameraId(q.Camera), q.Name, Read(q.Viewer))),
        WireLine.For<RecordingOpened, Proto.RecordingOpened>("recording-opened-v1", Write, Read),
        WireLine.For<ReadRecording, Proto.ReadRecording>(
            "read-recording-v1", q => new Proto.ReadRecording { Play = q.Play, Chunk = q.Chunk, Count = q.Count }, q => new ReadRecording(q.Play, q.Chunk, q.Count)),
        WireLine.For<RecordingChunks, Proto.RecordingChunks>(
            "recording-chunks-v1", a => new Proto.RecordingChunks { Chunk = a.Chunk, Chunks = Write(a.Chunks) }, a => new RecordingChunks(a.Chunk, Read(a.Chunks))),
        WireLine.For<EndRecording, Proto.EndRecording>("end-recording-v1", q => new Proto.EndRecording { Play = q.Play }, q => new EndRecording(q.Play)),
        WireLine.For<RecordingsRefused, Proto.RecordingsRefused>(
            "recordings-refused-v1", a => new Proto.RecordingsRefused { Why = (int)a.Why, Reason = a.Reason, Undone = a.IsUndone }, a => new RecordingsRefused(WireValues.Enum<RecordingsRefusal>(a.Why), a.Reason) { IsUndone = a.Undone }),
    ];

    internal static Proto.RecordingsAsker Write(Principal by) => new() { Name = by.Name, Account = by.Account };

    internal static Principal Read(Proto.RecordingsAsker by) => new(by.Name, by.Account);

    private static ByteString Write(ImmutableArray<byte> bytes) => UnsafeByteOperations.UnsafeWrap(ImmutableCollectionsMarshal.AsArray(bytes));

    private static ImmutableArray<byte> Read(ByteString bytes) => ImmutableCollectionsMarshal.AsImmutableArray(bytes.ToByteArray());

    internal static Proto.RecordingScope Write(RecordingScope scope)
    {
        var result = new Proto.RecordingScope { Site = scope.Site?.Value ?? "", Camera = scope.Camera?.Value ?? "" };
        if (scope.From is { } from) result.FromTicks = WireValues.Ticks(from);
        if (scope.To is { } to) result.ToTicks = WireValues.Ticks(to);
        return result;
    }

    internal static RecordingScope Read(Proto.RecordingScope scope) => new(
        scope.Site.Length == 0 ? null : new SiteId(scope.Site), scope.Camera.Length == 0 ? null : new CameraId(scope.Camera),
        WireValues.Time(scope.HasFromTicks, scope.FromTicks), WireValues.Time(scope.HasToTicks, scope.ToTicks));

    private static Proto.ListedSegment Write(ListedSegment s)
    {
        var result = new Proto.ListedSegment
        {
            Camera = s.Camera.Value,
            Name = s.Name,
            State = (int)s.State,
            FromTicks = WireValues.Ticks(s.From),
            UntilTicks = WireValues.Ticks(s.Until),
            Bytes = s.Bytes,
            Frames = s.Frames,
            Lost = s.Lost,
            Receipt = s.Receipt,
            HeldBecause = s.HeldBecause,
        };
        if (s.KeptUntil is { } until) result.KeptUntilTicks = WireValues.Ticks(until);
        return result;
    }

    private static ListedSegment Read(Proto.ListedSegment s) => new(
        new CameraId(s.Camera), s.Name, WireValues.Enum<SegmentStanding>(s.State), WireValues.Time(s.FromTicks), WireValues.Time(s.UntilTicks), s.Bytes, s.Frames, s.Lost, s.Receipt, s.HeldBecause,
        WireValues.Time(s.HasKeptUntilTicks, s.KeptUntilTicks));

    private static Proto.VaultDescribed Write(VaultDescribed v)
    {
        var result = new Proto.VaultDescribed
        {
            Key = (int)v.Key,
            Problem = v.Problem,
            KeyId = v.KeyId,
            Segments = v.Segments,
            Bytes = v.Bytes,
            MostBytes = v.MostBytes,
            FreeBytes = v.FreeBytes,
            Erasing = v.Erasing,
            Holds = { v.Holds.Select(Write) },
            Copies = { v.Copies.Select(Write) },
            Bundles = { v.Bundles.Select(Write) },
            Receipts = { v.Receipts.Select(Write) },
        };
        if (v.KeyMade is { } made) result.KeyMadeTicks = WireValues.Ticks(made);
        return result;
    }

    private static VaultDescribed Read(Proto.VaultDescribed v) => new(
        WireValues.Enum<VaultKeyState>(v.Key), v.Problem, v.KeyId, WireValues.Time(v.HasKeyMadeTicks, v.KeyMadeTicks), v.Segments, v.Bytes, v.MostBytes, v.FreeBytes, v.Erasing,
        [.. v.Holds.Select(Read)], [.. v.Copies.Select(Read)], [.. v.Bundles.Select(Read)], [.. v.Receipts.Select(Read)]);

    private static Proto.HoldLine Write(HoldLine h)
    {
        var result = new Proto.HoldLine { Id = h.Id, Scope = Write(h.Scope), Reason = h.Reason, By = h.By, SinceTicks = WireValues.Ticks(h.Since), UntilTicks = WireValues.Ticks(h.Until) };
        if (h.Released is { } released) result.ReleasedTicks = WireValues.Ticks(released);
        return result;
    }

    private static HoldLine Read(Proto.HoldLine h) => new(h.Id, Read(h.Scope), h.Reason, h.By, WireValues.Time(h.SinceTicks), WireValues.Time(h.UntilTicks), WireValues.Time(h.HasReleasedTicks, h.ReleasedTicks));

    private static Proto.CopyLine Write(CopyLine c)
    {
        var result = new Proto.CopyLine { Id = c.Id, Kind = c.Kind, Scope = Write(c.Scope), MadeTicks = WireValues.Ticks(c.Made), By = c.By, Where = c.Where, UntilTicks = WireValues.Ticks(c.Until), How = c.How };
        if (c.Ended is { } ended) result.EndedTicks = WireValues.Ticks(ended);
        return result;
    }

    private static CopyLine Read(Proto.CopyLine c) =>
        new(c.Id, c.Kind, Read(c.Scope), WireValues.Time(c.MadeTicks), c.By, c.Where, WireValues.Time(c.UntilTicks), WireValues.Time(c.HasEndedTicks, c.EndedTicks), c.How);

    private static Proto.BundleLine Write(BundleLine b) => new()
    {
        Id = b.Id,
        Scope = Write(b.Scope),
        To = b.To,
        MadeTicks = WireValues.Ticks(b.Made),
        By = b.By,
        Copy = b.Copy,
        Volumes = { b.Volumes.Select(v => new Proto.VolumeLine { Number = v.Number, State = v.State, Segments = v.Segments }) },
        Heights = { b.Heights.Select(Write) },
    };

    private static BundleLine Read(Proto.BundleLine b) =>
        new(b.Id, Read(b.Scope), b.To, WireValues.Time(b.MadeTicks), b.By, b.Copy, [.. b.Volumes.Select(v => new VolumeLine(v.Number, v.State, v.Segments))], [.. b.Heights.Select(Read)]);

    private static Proto.HeightsLine Write(HeightsLine h)
    {
        var result = new Proto.HeightsLine { Site = h.Site.Value, Camera = h.Camera.Value, Width = h.Width, Height = h.Height, WhyUnknown = h.WhyUnknown, Segments = h.Segments, Earlier = h.Earlier };
        if (h.PlatePixels is { } plate) result.PlatePixels = plate;
        if (h.FacePixels is { } face) result.FacePixels = face;
        return result;
    }

    private static HeightsLine Read(Proto.HeightsLine h) =>
        new(new SiteId(h.Site), new CameraId(h.Camera), h.Width, h.Height, h.HasPlatePixels ? h.PlatePixels : null, h.HasFacePixels ? h.FacePixels : null, h.WhyUnknown, h.Segments, h.Earlier);

    private static Proto.ReceiptLine Write(ReceiptLine r) =>
        new() { Id = r.Id, Scope = Write(r.Scope), Reason = r.Reason, By = r.By, EndedTicks = WireValues.Ticks(r.Ended), Segments = r.Segments, Problem = r.Problem };

    private static ReceiptLine Read(Proto.ReceiptLine r) => new(r.Id, Read(r.Scope), r.Reason, r.By, WireValues.Time(r.EndedTicks), r.Segments, r.Problem);

    private static Proto.OrderVault Write(OrderVault o)
    {
        var result = new Proto.OrderVault { By = Write(o.By), Order = (int)o.Order, Scope = Write(o.Scope), Cameras = { o.Cameras.Select(c => c.Value) }, Id = o.Id, Reason = o.Reason, Approval = o.Approval };
        if (o.Until is { } until) result.UntilTicks = WireValues.Ticks(until);
        return result;
    }

    private static OrderVault Read(Proto.OrderVault o) => new(
        Read(o.By), WireValues.Enum<VaultOrder>(o.Order), Read(o.Scope), [.. o.Cameras.Select(c => new CameraId(c))], o.Id, o.Reason, WireValues.Time(o.HasUntilTicks, o.UntilTicks), o.Approval);

    private static Proto.RecordingOpened Write(RecordingOpened o) => new()
    {
        Play = o.Play,
        SealedKey = Write(o.SealedKey),
        Context = Write(o.Context),
        Prefix = Write(o.Prefix),
        SealedBytes = o.SealedBytes,
        IsWhole = o.IsWhole,
        FromTicks = WireValues.Ticks(o.From),
        UntilTicks = WireValues.Ticks(o.Until),
    };

    private static RecordingOpened Read(Proto.RecordingOpened o) =>
        new(o.Play, Read(o.SealedKey), Read(o.Context), Read(o.Prefix), o.SealedBytes, o.IsWhole, WireValues.Time(o.FromTicks), WireValues.Time(o.UntilTicks));
}
