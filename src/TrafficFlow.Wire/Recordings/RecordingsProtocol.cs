using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Recordings;

// --- To /user/recordings of a node that has a vault; each may be answered with RecordingsRefused ---

/// <summary>A question about a node's recordings, or an order. No message of these carries a picture, or a key, in clear.</summary>
public interface IRecordingsQuestion : IWireMessage;

/// <summary>The same by a person, who is authorised where the recordings are.</summary>
public interface IAskedBySomebody : IRecordingsQuestion
{
    Principal By { get; }
}

/// <summary>Which segments there are. Answered with <see cref="RecordingsListed"/>.</summary>
/// <param name="Cameras">Empty for all of the site.</param>
/// <param name="After">Next of the page before; empty for the first.</param>
public sealed record ListRecordings(Principal By, SiteId Site, ImmutableArray<CameraId> Cameras, DateTimeOffset From, DateTimeOffset To, string After = "") : IAskedBySomebody;

/// <param name="Cameras">Of the site that this node itself records, by its site files: what it says of them is all there is.</param>
/// <param name="Next">For the next page; empty at the end.</param>
public sealed record RecordingsListed(ImmutableArray<CameraId> Cameras, ImmutableArray<ListedSegment> Segments, string Next) : IWireMessage;

public enum SegmentStanding
{
    Whole = 0,
    Cut = 1,
    BeingWritten = 2,
    Erased = 3,
    Missing = 4,
    NotListed = 5,
}

/// <summary>One segment, without anything of what it shows.</summary>
/// <param name="Name">With site and camera it is found by it.</param>
/// <param name="Until">Behind the last frame, or the latest that this can be.</param>
/// <param name="Bytes">Of its file, encrypted.</param>
/// <param name="Lost">Frames that could not be recorded.</param>
/// <param name="Receipt">Of its erasure; empty where it was not erased.</param>
/// <param name="HeldBecause">Id and the beginning of the reason of a legal hold; empty for none.</param>
/// <param name="KeptUntil">By the site's retention; null where no end is set.</param>
public sealed record ListedSegment(
    CameraId Camera, string Name, SegmentStanding State, DateTimeOffset From, DateTimeOffset Until, long Bytes, int Frames, int Lost, string Receipt = "", string HeldBecause = "", DateTimeOffset? KeptUntil = null);

/// <summary>How a vault is. Answered with <see cref="VaultDescribed"/>.</summary>
public sealed record DescribeVault(Principal By) : IAskedBySomebody;

public enum VaultKeyState
{
    /// <summary>No key was ever made: nothing is recorded.</summary>
    Absent = 0,
    Locked = 1,
    Open = 2,
}

/// <summary>A vault, and its registers. Registers of many entries hold the newest.</summary>
/// <param name="Problem">Why recordings are not well kept; empty where they are.</param>
/// <param name="KeyId">Of the master; empty where there is none.</param>
/// <param name="MostBytes">Beyond it the oldest are erased.</param>
/// <param name="FreeBytes">Of the disk; -1 where it is not known.</param>
/// <param name="Erasing">Erasures that were begun and not ended.</param>
public sealed record VaultDescribed(
    VaultKeyState Key, string Problem, string KeyId, DateTimeOffset? KeyMade, int Segments, long Bytes, long MostBytes, long FreeBytes, int Erasing,
    ImmutableArray<HoldLine> Holds, ImmutableArray<CopyLine> Copies, ImmutableArray<BundleLine> Bundles, ImmutableArray<ReceiptLine> Receipts) : IWireMessage;

/// <summary>Which recordings; null bounds nothing.</summary>
public sealed record RecordingScope(SiteId? Site = null, CameraId? Camera = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <param name="Released">When somebody ended it before its end; null where nobody did.</param>
public sealed record HoldLine(string Id, RecordingScope Scope, string Reason, string By, DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset? Released);

/// <param name="Kind">export, bundle, backup, learning.</param>
/// <param name="Where">In whose hands, on what.</param>
/// <param name="Until">It is to be destroyed by then.</param>
/// <param name="How">It ended; empty while it has not.</param>
public sealed record CopyLine(string Id, string Kind, RecordingScope Scope, DateTimeOffset Made, string By, string Where, DateTimeOffset Until, DateTimeOffset? Ended, string How);

/// <param name="To">Name or fingerprint of the vault that alone can open it.</param>
/// <param name="Copy">Its id among the copies.</param>
/// <param name="Heights">By camera; empty while no volume is written, or where a version wrote them that did not say it.</param>
public sealed record BundleLine(string Id, RecordingScope Scope, string To, DateTimeOffset Made, string By, string Copy, ImmutableArray<VolumeLine> Volumes, ImmutableArray<HeightsLine> Heights);

/// <param name="State">planned, written, confirmed, erased.</param>
public sealed record VolumeLine(int Number, string State, int Segments);

/// <summary>How high plates' figures and faces can be at most in the pictures of one camera in a bundle.</summary>
/// <param name="Width">Of its pictures, pixels.</param>
/// <param name="PlatePixels">Infinite where one may come as near as it likes; null where it cannot be said.</param>
/// <param name="FacePixels">The same.</param>
/// <param name="WhyUnknown">Empty where it is known.</param>
/// <param name="Earlier">Of the segments, recorded by another configuration than the one by which the heights were computed.</param>
public sealed record HeightsLine(SiteId Site, CameraId Camera, int Width, int Height, double? PlatePixels, double? FacePixels, string WhyUnknown, int Segments, int Earlier);

/// <param name="Problem">Why its signature does not hold; empty where it does.</param>
public sealed record ReceiptLine(string Id, RecordingScope Scope, string Reason, string By, DateTimeOffset Ended, int Segments, string Problem);

public enum VaultOrder
{
    Erase = 0,
    Hold = 1,
    ReleaseHold = 2,

    /// <summary>A copy was destroyed, or came home.</summary>
    EndCopy = 3,
}

/// <summary>An order to a vault. Answered with <see cref="VaultOrdered"/>.</summary>
/// <param name="Cameras">Of an erasure of some cameras; empty for what the scope says.</param>
/// <param name="Id">Of a hold or a copy; else empty.</param>
/// <param name="Until">Of a hold.</param>
/// <param name="Approval">By which another person has approved it where it was ordered; empty where none was given: the vault asks its own rule then.</param>
public sealed record OrderVault(Principal By, VaultOrder Order, RecordingScope Scope, ImmutableArray<CameraId> Cameras, string Id, string Reason, DateTimeOffset? Until = null, string Approval = "") : IAskedBySomebody;

public enum VaultOrderOutcome
{
    Done = 0,

    /// <summary>There is nothing of that here.</summary>
    Nothing = 1,

    /// <summary>It waits for a second person.</summary>
    Waits = 2,

    /// <summary>It cannot be.</summary>
    Refused = 3,

    /// <summary>A part of it, or all, was not done.</summary>
    Failed = 4,
}

/// <param name="Lines">For people.</param>
/// <param name="Receipts">Ids of what was erased, of a part too.</param>
public sealed record VaultOrdered(VaultOrderOutcome Outcome, ImmutableArray<string> Lines, ImmutableArray<string> Receipts) : IWireMessage
{
    /// <summary>Id of what has only begun, and goes on; empty where it has ended.</summary>
    public string Task { get; init; } = "";

    /// <summary>Nothing was done, and it is certain: an approval that was used for it is good once more. Nodes of earlier versions never say so.</summary>
    public bool IsUndone { get; init; }
}

/// <summary>Answered with <see cref="ReceiptFound"/>.</summary>
public sealed record GetReceipt(Principal By, string Id) : IAskedBySomebody;

/// <param name="PublicKey">That verifies it, as PEM. Whoever wants a proof has it beforehand, from elsewhere.</param>
public sealed record ReceiptFound(string Id, ImmutableArray<byte> File, ImmutableArray<byte> PublicKey) : IWireMessage;

/// <summary>Opens a segment for one viewer. It is in the audit before anything is given. Answered with <see cref="RecordingOpened"/>.</summary>
/// <param name="Viewer">Public key (X25519) of the viewer's session, made for this alone.</param>
public sealed record OpenRecording(Principal By, SiteId Site, CameraId Camera, string Name, ImmutableArray<byte> Viewer) : IAskedBySomebody;

/// <param name="Play">Names it for <see cref="ReadRecording"/>, for a while.</param>
/// <param name="SealedKey">Of the segment, sealed to the viewer's public key (HPKE).</param>
/// <param name="Context">What the encryption is bound to.</param>
/// <param name="Prefix">Salt and commitment.</param>
/// <param name="SealedBytes">Of all chunks.</param>
/// <param name="IsWhole">False where its end is missing: it plays as far as it goes.</param>
public sealed record RecordingOpened(
    string Play, ImmutableArray<byte> SealedKey, ImmutableArray<byte> Context, ImmutableArray<byte> Prefix, long SealedBytes, bool IsWhole, DateTimeOffset From, DateTimeOffset Until) : IWireMessage;

/// <summary>Asks for chunks of what was opened. Answered with <see cref="RecordingChunks"/>.</summary>
/// <param name="Count">1 to <see cref="MostChunks"/>.</param>
public sealed record ReadRecording(string Play, long Chunk, int Count) : IRecordingsQuestion
{
    /// <summary>So that what else crosses the link does not wait for long: 128 KiB.</summary>
    public const int MostChunks = 8;
}

/// <param name="Chunks">Encrypted, as they lie on the disk; fewer at the end.</param>
public sealed record RecordingChunks(long Chunk, ImmutableArray<byte> Chunks) : IWireMessage;

/// <summary>Nobody looks at it any more. Not answered.</summary>
public sealed record EndRecording(string Play) : IRecordingsQuestion;

public enum RecordingsRefusal
{
    NotAllowed = 0,

    /// <summary>It was erased, or never was.</summary>
    NotThere = 1,

    /// <summary>Later perhaps: the vault is locked, the audit cannot be written, too many look at once.</summary>
    NotNow = 2,

    /// <summary>What was opened is closed: it is to be opened anew.</summary>
    Closed = 3,

    /// <summary>The question is none.</summary>
    Wrong = 4,
}

/// <param name="Reason">With what to do.</param>
public sealed record RecordingsRefused(RecordingsRefusal Why, string Reason) : IWireMessage
{
    /// <inheritdoc cref="VaultOrdered.IsUndone"/>
    public bool IsUndone { get; init; }
}

// --- As the authorisation knows them ---

/// <summary>To see which recordings there are.</summary>
public sealed record LookOverRecordings : OperatorCommand
{
    public static readonly LookOverRecordings Instance = new();
}

/// <summary>To see what they show.</summary>
public sealed record PlayRecording : OperatorCommand
{
    public static readonly PlayRecording Instance = new();
}

/// <summary>To see holds and receipts.</summary>
public sealed record ReadVaultRegisters : OperatorCommand
{
    public static readonly ReadVaultRegisters Instance = new();
}

/// <summary>To erase, hold and release.</summary>
public sealed record ChangeRecordings : OperatorCommand
{
    public static readonly ChangeRecordings Instance = new();

    public override bool Changes => true;
}

/// <summary>To say that a copy was destroyed.</summary>
public sealed record EndCopyOfRecordings : OperatorCommand
{
    public static readonly EndCopyOfRecordings Instance = new();

    public override bool Changes => true;
}
