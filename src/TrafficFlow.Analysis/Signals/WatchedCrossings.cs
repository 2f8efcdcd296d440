using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals;

/// <summary>Discharge in seconds since the first instant that was watched: what the estimators calculate with.</summary>
internal sealed class WatchedCrossings
{
    private readonly (double From, double To)[] _watched;

    /// <exception cref="ArgumentException">Nothing was watched.</exception>
    public WatchedCrossings(Discharge discharge)
    {
        if (discharge.Watched.IsEmpty) throw new ArgumentException("nothing was watched: there is nothing to conclude from", nameof(discharge));
        Origin = discharge.Watched.Intervals[0].From;
        _watched = [.. discharge.Watched.Intervals.Select(i => ((i.From - Origin).TotalSeconds, (i.To - Origin).TotalSeconds))];
        Streams = [.. discharge.Streams];
        Times = [.. Streams.Select(s => s.Crossings.Where(discharge.Watched.Contains).Select(t => (t - Origin).TotalSeconds).Order().ToArray())];
    }

    public DateTimeOffset Origin { get; }

    public DischargeStream[] Streams { get; }

    /// <summary>Crossings of each stream within what was watched, ascending.</summary>
    public double[][] Times { get; }

    /// <summary>Until the last instant that was watched.</summary>
    public double Seconds => _watched[^1].To;

    /// <summary>For how long [from, to) was watched, seconds.</summary>
    public double Watched(double from, double to)
    {
        var sum = 0.0;
        for (var i = First(from); i < _watched.Length && _watched[i].From < to; i++)
            sum += Math.Max(0, Math.Min(to, _watched[i].To) - Math.Max(from, _watched[i].From));
        return sum;
    }

    public bool IsWatched(double from, double to) => Watched(from, to) >= to - from - 1e-6;

    /// <summary>∫ exp(2πi f t) over what was watched of [from, to).</summary>
    public (double Re, double Im) Transform(double from, double to, double frequency)
    {
        var (re, im, omega) = (0.0, 0.0, 2 * Math.PI * frequency);
        for (var i = First(from); i < _watched.Length && _watched[i].From < to; i++)
        {
            var (a, b) = (Math.Max(from, _watched[i].From), Math.Min(to, _watched[i].To));
            if (b <= a) continue;
            var ((sinA, cosA), (sinB, cosB)) = (Math.SinCos(omega * a), Math.SinCos(omega * b));
            (re, im) = (re + ((sinB - sinA) / omega), im + ((cosA - cosB) / omega));
        }

        return (re, im);
    }

    /// <summary>For how long each of some equal bins of a cycle was watched within [from, to), seconds.</summary>
    /// <param name="phase">Where the first bin begins.</param>
    public double[] Exposure(double from, double to, double cycle, double phase, int bins)
    {
        var exposure = new double[bins];
        var width = cycle / bins;
        for (var i = First(from); i < _watched.Length && _watched[i].From < to; i++)
        {
            var (a, b) = (Math.Max(from, _watched[i].From), Math.Min(to, _watched[i].To));
            if (b <= a) continue;
            var whole = Math.Floor((b - a) / cycle);
            for (var bin = 0; bin < bins; bin++) exposure[bin] += whole * width;
            for (a += whole * cycle; a < b;)
            {
                var at = (a - phase) / width;
                var index = Math.Floor(at + 1e-9);
                var next = Math.Min(b, phase + ((index + 1) * width));
                exposure[(int)(((index % bins) + bins) % bins)] += next - a;
                a = next;
            }
        }

        return exposure;
    }

    private int First(double from)
    {
        var i = 0;
        while (i < _watched.Length && _watched[i].To <= from) i++;
        return i;
    }
}
