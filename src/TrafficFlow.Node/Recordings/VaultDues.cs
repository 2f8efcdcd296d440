using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Recordings;

/// <summary>What of a vault somebody has to be told.</summary>
internal enum VaultDueKind
{
    /// <summary>Outside of the vault, and to be destroyed.</summary>
    Copy = 0,

    /// <summary>On a disk, and not confirmed for longer than disks are carried.</summary>
    Bundle = 1,

    /// <summary>About to end: what it keeps is erased then.</summary>
    Hold = 2,

    /// <summary>A way to the master key that nobody has tried for long.</summary>
    Key = 3,

    /// <summary>Recordings are not well kept, such as by a key that is lost.</summary>
    Problem = 4,
}

/// <param name="IsOverdue">Its time has passed; else it is about to.</param>
/// <param name="Report">As it is told by mail and webhook, which name nobody.</param>
/// <param name="Line">For the node's health.</param>
internal sealed record VaultDue(VaultDueKind Kind, bool IsOverdue, DueReport Report, string Line);

/// <summary>Finds what is due in a vault: copies, bundles, holds, ways to the key. Reads, and changes nothing.</summary>
/// <param name="node">Its name, for people.</param>
/// <param name="proveWithin">A way to the key is to be tried within this time.</param>
internal sealed partial class VaultDues(string node, Func<IReadOnlyList<Site>> sites, TimeSpan proveWithin)
{
    /// <summary>Where no file of a site says how often disks are carried: as the guideline has it.</summary>
    private static readonly TimeSpan s_usualCarry = TimeSpan.FromDays(14);

    private static readonly TimeSpan s_soon = TimeSpan.FromDays(7);

    public IReadOnlyList<VaultDue> Of(RecordingVault vault, DateTimeOffset now) =>
        [.. Some(() => Copies(vault, now)), .. Some(() => Bundles(vault, now)), .. Some(() => Holds(vault, now)), .. Some(() => Keys(vault, now))];

    /// <param name="since">When it was first so: its figures may have moved, and it is told once.</param>
    public VaultDue Of(string problem, DateTimeOffset since)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(WithoutFigures(problem))))[..8];
        return new VaultDue(
            VaultDueKind.Problem, true,
            new DueReport($"vault/{node}/problem/{Day(since)}/{hash}", $"{node}: recordings are not well kept (記録映像の保管異常)", $"{node}: {problem}.\n\n{node}の記録映像の保管に異常があります。trafficflow vault status で確認してください。\n"), problem);
    }

    /// <summary>The kind of a problem: what it says without sizes and times, which move from one hour to the next. Names keep their figures.</summary>
    public static string WithoutFigures(string problem) => Figures().Replace(problem, "#");

    [GeneratedRegex(@"(?<![\w/.-])[0-9][0-9.,]*(?: ?(?:kB|MB|GB|min|h|days|weeks))?(?![\w/-])", RegexOptions.CultureInvariant)]
    private static partial Regex Figures();

    private IEnumerable<VaultDue> Copies(RecordingVault vault, DateTimeOffset now)
    {
        foreach (var (name, copy) in vault.KnownCopies.Where(c => c.Copy.Ended is null))
        {
            var isOver = copy.IsOverdue(now);
            if (!isOver && copy.Until - now > s_soon) continue;
            var what = $"{name} ({copy.Kind.ToString().ToLowerInvariant()}, {copy.Scope})";
            yield return new VaultDue(
                VaultDueKind.Copy, isOver,
                new DueReport(
                    $"copy/{node}/{name}/{Day(copy.Until)}/{(isOver ? "overdue" : "soon")}", $"{node}: {name} of recordings {(isOver ? "is past its end" : "ends soon")} (複製の廃棄 {(isOver ? "期限超過" : "期限間近")})",
                    $"{node}: the copy {what} {(isOver ? "was" : "is")} to be destroyed by {Day(copy.Until)}. Destroy it, and say so on the page /custody/copies or with trafficflow vault end-copy {name} --reason …\n\n{node}: 記録映像の複製{name}の廃棄期限は{JapaneseDay(copy.Until)}です。廃棄のうえ、画面「持ち運び・複製」で記録してください。\n"),
                $"copy {what} {(isOver ? "was" : "is")} to be destroyed by {Day(copy.Until)}: do it, and say so with trafficflow vault end-copy");
        }
    }

    private IEnumerable<VaultDue> Bundles(RecordingVault vault, DateTimeOffset now)
    {
        foreach (var bundle in vault.Exports)
        {
            var carry = CarryOf(bundle.Scope);
            if (now - bundle.Made <= carry || bundle.Volumes.Count(v => v.State == VolumeState.Written) is not (> 0 and var open)) continue;
            yield return new VaultDue(
                VaultDueKind.Bundle, true,
                new DueReport(
                    $"bundle/{node}/{bundle.Bundle}", $"{node}: a bundle is not confirmed (搬送データの取込確認なし)",
                    $"{node}: {open} volumes of bundle {bundle.Bundle} of {Day(bundle.Made)} are written and not confirmed for longer than the {carry.TotalDays:0} days between two hand-carries. Find the disk, take it in (trafficflow vault import), and bring the confirmation back (trafficflow vault confirm); or give it up (trafficflow vault cancel-export) and end its copy.\n\n{node}: 搬送データ{bundle.Bundle}の取込確認が{carry.TotalDays:0}日を過ぎても届いていません。記録媒体の所在を確認してください。\n"),
                $"bundle {bundle.Bundle} of {Day(bundle.Made)} is not confirmed for longer than {carry.TotalDays:0} days: where is the disk? trafficflow vault confirm, or cancel-export");
        }
    }

    private IEnumerable<VaultDue> Holds(RecordingVault vault, DateTimeOffset now)
    {
        foreach (var hold in vault.Holds.All.Where(h => vault.Holds.IsInForce(h) && h.Until - now <= s_soon))
        {
            yield return new VaultDue(
                VaultDueKind.Hold, false,
                new DueReport(
                    $"hold/{node}/{hold.Id}/{Day(hold.Until)}", $"{node}: the legal hold {hold.Id} ends soon (保全期限間近)",
                    $"{node}: the legal hold {hold.Id} on {hold.Scope} ends on {Day(hold.Until)}; what it keeps is erased by its age then. Set another one before, if it is still needed.\n\n{node}: 保全{hold.Id}は{JapaneseDay(hold.Until)}に終わり、対象の記録映像は保存期間により消去されます。必要なら事前に延長してください。\n"),
                $"the legal hold {hold.Id} on {hold.Scope} ends on {Day(hold.Until)}, and what it keeps is erased then: set another one before, if it is still needed");
        }
    }

    private IEnumerable<VaultDue> Keys(RecordingVault vault, DateTimeOffset now)
    {
        foreach (var way in vault.Keys.Master?.Slots ?? [])
        {
            var last = vault.Proofs.LastOf(way);
            if (now - last <= proveWithin) continue;
            var (kind, label) = (way.Kind.ToString().ToLowerInvariant(), Core.Texts.PlainText.Of(way.Label, 60));
            yield return new VaultDue(
                VaultDueKind.Key, true,
                new DueReport(
                    $"key/{node}/{way.Id}/{Day(last)}", $"{node}: a way to the key of the vault was not tried for long (鍵の確認 期限超過)",
                    $"{node}: whether {kind} ({way.Id}) still opens the vault was not tried since {Day(last)}, and is to be each {proveWithin.TotalDays:0} days. Try it before it is needed: {HowToProve(way)}\n\n{node}: 鍵（{kind}、{way.Id}）は{JapaneseDay(last)}以降確認されていません。開けることを確認してください。\n"),
                $"whether {kind} \"{label}\" ({way.Id}) still opens the vault was not tried since {Day(last)}: {HowToProve(way)}");
        }
    }

    internal static string HowToProve(SlotSummary way) => way.Kind switch
    {
        SlotKind.Shares => $"trafficflow vault prove --shares {way.Needed}",
        SlotKind.Passphrase => "trafficflow vault prove --passphrase",
        _ => "trafficflow vault prove --credential FILE",
    };

    private TimeSpan CarryOf(EraseScope scope) =>
        sites().Where(s => scope.Site is not { } site || s.Id == site).Select(s => s.Custody?.HandCarryWeeks).OfType<int>().DefaultIfEmpty().Min() is > 0 and var weeks ? TimeSpan.FromDays(7 * weeks) : s_usualCarry;

    /// <summary>A register that cannot be read is told by the proof of the keys, and hides nothing of the others.</summary>
    private static List<VaultDue> Some(Func<IEnumerable<VaultDue>> find)
    {
        try
        {
            return [.. find()];
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException)
        {
            return [];
        }
    }

    private string Day(DateTimeOffset at) => LocalOf(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string JapaneseDay(DateTimeOffset at) => LocalOf(at).ToString("yyyy年M月d日", CultureInfo.InvariantCulture);

    private DateTimeOffset LocalOf(DateTimeOffset at) => sites() is [var first, ..] ? TimeZoneInfo.ConvertTime(at, first.TimeZone) : at.ToUniversalTime();
}
