using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Recordings;

/// <summary>How a vault is kept: the ways to its key, its disk, whom it trusts, what is under way, and what goes when. Answered with <see cref="KeepingDescribed"/>.</summary>
public sealed record DescribeKeeping(Principal By) : IAskedBySomebody;

/// <summary>Whether what is written somewhere reaches a disk in the clear.</summary>
public enum DiskShield
{
    Unknown = 0,
    Encrypted = 1,
    NotEncrypted = 2,

    /// <summary>It lies in memory.</summary>
    NoDisk = 3,
}

/// <param name="Node">As the vault calls itself.</param>
/// <param name="Fingerprint">Of its identity; empty while it is locked.</param>
/// <param name="Generation">Of the master: how often it was rotated.</param>
/// <param name="OpensByItself">At each start, with the credential that the settings name.</param>
/// <param name="IsClosedByHand">Somebody has locked it.</param>
/// <param name="DiskFound">From what that was told.</param>
/// <param name="Oldest">Of what is kept; null for nothing.</param>
/// <param name="Tasks">Under way, and the last that ended; the newest first.</param>
/// <param name="Clock">Of the node, now.</param>
/// <param name="ClockDoubt">Why nothing reaches its age; empty where the clock is believed.</param>
/// <param name="ExportTakesTwo">Persons, by the policies of this node.</param>
public sealed record KeepingDescribed(
    string Node, string Fingerprint, int Generation, bool OpensByItself, bool IsClosedByHand, ImmutableArray<KeyWayLine> Ways, DiskShield Disk, string DiskFound, ImmutableArray<SwapLine> Swap,
    DateTimeOffset? Oldest, DateTimeOffset? Newest, ImmutableArray<TrustedLine> Trusted, ImmutableArray<TakenInLine> TakenIn, ImmutableArray<VaultTaskLine> Tasks, DateTimeOffset Clock, string ClockDoubt,
    ImmutableArray<KeepRuleLine> Rules, ImmutableArray<EndLine> Ends, bool ExportTakesTwo, bool EraseTakesTwo) : IWireMessage;

public enum KeyWayKind
{
    Credential = 0,
    Passphrase = 1,
    Shares = 2,
}

/// <summary>A way to the master.</summary>
/// <param name="Needed">Of shares, how many come together; else 0.</param>
/// <param name="Of">Of shares, how many there are; else 0.</param>
/// <param name="Proved">When it last opened the master; null where that is not known.</param>
public sealed record KeyWayLine(string Id, KeyWayKind Kind, string Label, DateTimeOffset Made, int Needed, int Of, DateTimeOffset? Proved);

/// <param name="Place">A device or a file.</param>
public sealed record SwapLine(string Place, DiskShield Shield);

/// <param name="Ended">Since when it is trusted no more; null while it is.</param>
public sealed record TrustedLine(string Node, string Fingerprint, string By, DateTimeOffset Since, DateTimeOffset? Ended);

/// <summary>A volume that was taken in here, for which a confirmation was given.</summary>
/// <param name="Id">Names the confirmation for <see cref="GetVaultFile"/>.</param>
/// <param name="From">The vault that it comes from; empty where that is not known.</param>
/// <param name="Segments">That are confirmed; -1 where that is not known.</param>
public sealed record TakenInLine(string Id, string Bundle, int Volume, string From, DateTimeOffset At, int Segments);

public enum VaultTask
{
    /// <summary>Reads every byte of what the scope names.</summary>
    Verify = 0,

    /// <summary>Makes a new master and new keys of the sites.</summary>
    Rotate = 1,

    /// <summary>Plans a bundle and writes its first volume into a folder; of a bundle that is planned, the next volume.</summary>
    Export = 2,
    CancelExport = 3,

    /// <summary>Takes in the volume in a folder.</summary>
    Import = 4,

    /// <summary>Erases what a confirmation names.</summary>
    Confirm = 5,
    Trust = 6,
    Distrust = 7,
    ConfirmClock = 8,
}

/// <param name="Outcome">Of what has ended.</param>
/// <param name="Lines">For people.</param>
/// <param name="Of">0 where it is not known how much there is.</param>
public sealed record VaultTaskLine(string Id, VaultTask Task, string What, string By, DateTimeOffset Begun, DateTimeOffset? Ended, VaultOrderOutcome Outcome, ImmutableArray<string> Lines, int Done, int Of);

/// <summary>How long a kind of what a site gives is kept; without either end it has none.</summary>
/// <param name="LastDay">By the calendar of the site.</param>
/// <param name="Next">When the next recording reaches its end that nothing holds; null for none, and for other kinds.</param>
public sealed record KeepRuleLine(SiteId Site, KeptKind Kind, TimeSpan? Age, DateOnly? LastDay, DateTimeOffset? Next);

/// <summary>The end of an experiment.</summary>
/// <param name="Site">Null for the whole installation.</param>
/// <param name="Ended">Null while it is under way.</param>
/// <param name="Steps">That are done.</param>
/// <param name="Files">Of its report, as <see cref="GetVaultFile"/> names them.</param>
public sealed record EndLine(string Id, SiteId? Site, string Reason, string By, DateTimeOffset Began, DateTimeOffset? Ended, int Steps, ImmutableArray<BilingualText> Left, ImmutableArray<string> Files);

/// <summary>
/// Has a vault do what may take long. Answered with <see cref="VaultOrdered"/> as soon as it is done, or after some seconds while it goes on: <see cref="KeepingDescribed.Tasks"/> shows how far it is. It goes on whoever asks.
/// </summary>
/// <param name="Scope">Of a verification or a new bundle.</param>
/// <param name="Id">Of a bundle that is planned; else empty.</param>
/// <param name="Volume">Of that bundle; 0 for the next.</param>
/// <param name="Path">A folder on the machine of the node; of a confirmation, the file where none is sent.</param>
/// <param name="Other">Name or fingerprint of another vault.</param>
/// <param name="VolumeBytes">That fit on a disk; 0 for the usual.</param>
/// <param name="Until">By when the disks are wiped; null for the usual.</param>
/// <param name="File">An identity or a confirmation, at most <see cref="LongestFile"/> bytes.</param>
/// <param name="IsLook">Nothing is done: the first line says what another person would approve, none that nobody need to.</param>
/// <param name="Approval">As in <see cref="OrderVault"/>.</param>
public sealed record BeginVaultTask(
    Principal By, VaultTask Task, RecordingScope Scope, string Id, int Volume, string Path, string Other, long VolumeBytes, DateTimeOffset? Until, string Reason, ImmutableArray<byte> File, bool IsLook = false, string Approval = "") : IAskedBySomebody
{
    /// <summary>Less than a message of the cluster may have.</summary>
    public const int LongestFile = 3_000_000;
}

public enum VaultFileKind
{
    /// <summary>Who the vault is to others.</summary>
    Identity = 0,

    /// <summary>That a volume was taken in.</summary>
    Confirmation = 1,

    /// <summary>The report on an experiment's end.</summary>
    EndReport = 2,
}

/// <summary>Answered with <see cref="VaultFileFound"/>.</summary>
/// <param name="Id">As it was listed; of an identity empty.</param>
public sealed record GetVaultFile(Principal By, VaultFileKind Kind, string Id) : IAskedBySomebody;

public sealed record VaultFileFound(string Id, ImmutableArray<byte> File) : IWireMessage;

// --- As the authorisation knows it ---

/// <summary>To verify recordings, and to carry them: they stay encrypted, and nothing is erased by it.</summary>
public sealed record CarryRecordings : OperatorCommand
{
    public static readonly CarryRecordings Instance = new();

    public override bool Changes => true;
}
