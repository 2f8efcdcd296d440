using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Erasure;

/// <summary>Recordings that must be kept though they would be erased, with the reason and the end.</summary>
/// <param name="Until">It ends then by itself.</param>
/// <param name="Released">When somebody ended it before; null where nobody did.</param>
public sealed record LegalHold(string Id, EraseScope Scope, string Reason, string By, DateTimeOffset Since, DateTimeOffset Until, DateTimeOffset? Released, string? ReleasedBy)
{
    /// <summary>By a clock that is believed; see <see cref="LegalHolds.IsInForce"/>.</summary>
    public bool IsInForce(DateTimeOffset now) => Released is null && now < Until;
}

/// <summary>Register of holds: holds.json of the vault folder. Ended ones stay.</summary>
/// <param name="passed">A time that has surely passed: no hold ends by a later one. Null where the clock is believed.</param>
public sealed class LegalHolds(VaultKeys keys, TimeProvider time, Func<DateTimeOffset>? passed = null) : VaultRegister<LegalHold>(keys, FileName)
{
    internal const string FileName = "holds.json";

    private const int LongestReason = 1000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(5 * 366);

    /// <exception cref="FormatException">It has no reason, or no end within five years.</exception>
    public LegalHold Add(EraseScope scope, string reason, string by, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason) throw new FormatException($"a hold needs a reason of at most {LongestReason} characters");
        if (until <= now || until - now > s_longest) throw new FormatException("a hold needs an end, in the future and within five years: it can be set anew before");
        return Change(holds =>
        {
            var hold = new LegalHold(Numbers.Next(holds.Select(h => h.Id), "hold"), scope.Checked(), reason.Trim(), by, now, until, null, null);
            holds.Add(hold);
            return hold;
        });
    }

    /// <exception cref="FormatException">There is no such hold in force.</exception>
    public void Release(string id, string by) => Change(holds =>
    {
        var at = holds.FindIndex(h => h.Id == id && IsInForce(h));
        if (at < 0) throw new FormatException($"there is no hold {id} in force");
        return holds[at] = holds[at] with { Released = time.GetUtcNow(), ReleasedBy = by };
    });

    /// <summary>A clock that may run ahead ends no hold before its time; one that is set back makes it longer, which harms nobody.</summary>
    public bool IsInForce(LegalHold hold) => hold.IsInForce(time.GetUtcNow()) || (hold.Released is null && passed is not null && hold.IsInForce(passed()));

    /// <summary>Those in force that meet a scope.</summary>
    public IReadOnlyList<LegalHold> Meeting(EraseScope scope) => [.. All.Where(h => IsInForce(h) && h.Scope.Meets(scope))];

    /// <summary>The same, for an erasure: holds that cannot be checked let nothing be erased.</summary>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="Files.VaultFileException">The register is not as the vault wrote it.</exception>
    internal IReadOnlyList<LegalHold> Keeping(EraseScope scope) => [.. Checked.Where(h => IsInForce(h) && h.Scope.Meets(scope))];
}

/// <summary>Ids of entries that people read out to each other: hold-1, hold-2.</summary>
internal static class Numbers
{
    public static string Next(IEnumerable<string> ids, string kind)
    {
        var last = ids.Select(i => i.StartsWith(kind + "-", StringComparison.Ordinal) && int.TryParse(i[(kind.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : 0).DefaultIfEmpty().Max();
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}-{last + 1}");
    }
}
