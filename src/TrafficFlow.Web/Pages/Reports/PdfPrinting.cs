using System.Collections.Immutable;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>No PDF of one language can be made.</summary>
/// <param name="Reason">With what to do.</param>
/// <param name="Since">The first failure since the last PDF.</param>
/// <param name="AgainAt">Not before that is it tried by itself; as the clock stood at the failure.</param>
public sealed record PdfTrouble(string Language, string Reason, DateTimeOffset Since, DateTimeOffset AgainAt);

/// <summary>
/// How printing goes, language by language: each has letters of its own. What fails is tried by itself more and more seldom, since the same printer fails for the same reason; who asks for
/// a report is not kept from trying. Thread-safe.
/// </summary>
public sealed class PdfPrinting(TimeProvider time)
{
    private static readonly BackOffSettings Waits = new(TimeSpan.FromHours(1), TimeSpan.FromDays(1), Jitter: 0, ResetAfter: TimeSpan.MaxValue);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, BackOff> _waits = new(StringComparer.Ordinal);

    // By the machine's own time: a clock that stood ahead for a moment puts nothing off for years.
    private readonly Dictionary<string, (long FailedAt, TimeSpan Wait)> _failures = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, PdfTrouble> _troubles = ImmutableSortedDictionary<string, PdfTrouble>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>By language.</summary>
    public IReadOnlyList<PdfTrouble> Troubles => [.. Volatile.Read(ref _troubles).Values];

    /// <summary>Whether it is to be tried without being asked for.</summary>
    public bool IsDue(string language)
    {
        lock (_lock) return Left(language) <= TimeSpan.Zero;
    }

    public void Printed(string language)
    {
        lock (_lock)
        {
            _waits.Remove(language);
            _failures.Remove(language);
            Volatile.Write(ref _troubles, _troubles.Remove(language));
        }
    }

    public void Failed(string language, string reason)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var before = _troubles.GetValueOrDefault(language);
            // Who tries it by hand meanwhile does not put the next attempt off.
            if (!_waits.TryGetValue(language, out var waits)) _waits.Add(language, waits = new BackOff(Waits, Random.Shared));
            if (Left(language) <= TimeSpan.Zero) _failures[language] = (time.GetTimestamp(), waits.Next(TimeSpan.Zero));
            Volatile.Write(ref _troubles, _troubles.SetItem(language, new PdfTrouble(language, reason, before?.Since ?? now, now + Left(language))));
        }
    }

    private TimeSpan Left(string language) => _failures.TryGetValue(language, out var failure) ? failure.Wait - time.GetElapsedTime(failure.FailedAt) : TimeSpan.Zero;
}
