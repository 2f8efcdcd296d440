using TrafficFlow.Core.Signals;

namespace TrafficFlow.Simulation;

/// <summary>Runs a <see cref="SignalProgramme"/>: its cycles are made as far as somebody asks, always the same ones. Not thread-safe.</summary>
internal sealed class ProgrammedSignals : IJunctionSignals
{
    /// <summary>Cycles are lengthened by this part of a cycle at most; more would surprise drivers.</summary>
    private const double LongestStretch = 0.2;

    private const double LooksAhead = TimingPlan.LongestCycleSeconds;

    private readonly SignalProgramme _programme;
    private readonly Pcg32 _jitter;
    private readonly List<SignalCycle> _cycles = [];
    private readonly Lamps[] _lamps;
    private readonly bool _hasWalks;
    private int _period;
    private double _phase;

    /// <param name="startsAt">Begin of the warm-up; before it nothing is known.</param>
    public ProgrammedSignals(SignalProgramme programme, int seed, double startsAt)
    {
        (_programme, _jitter) = (programme, new Pcg32((ulong)(uint)seed, 600));
        _lamps = [.. JunctionPlans.Groups.Select(g => new Lamps(g.Name))];
        _hasWalks = programme.Periods.Any(p => p.Plan.Groups.Any(g => g.IsForPedestrians));
        var first = programme.Periods[0].Plan;
        _phase = first.OffsetSeconds;
        Add(_phase + (Math.Floor((startsAt - _phase) / first.CycleSeconds) * first.CycleSeconds), first, 0);
    }

    public ApproachSignal At(int arm, double seconds) => new(Shown(arm * 3, seconds).Colour, Shown((arm * 3) + 1, seconds).Colour);

    public IEnumerable<(SignalColour Colour, double From, double To)> Changes(int arm, Turn turn, double from, double to)
    {
        var lamps = Known((arm * 3) + (turn == Turn.Right ? 1 : 0), to);
        return lamps.Changes.Where(c => c.From < to && c.To > from).Select(c => (c.Colour, c.From, c.To));
    }

    public double WalkLeft(int arm, double seconds)
    {
        // Without lamps of their own, people go with the vehicles beside them.
        var shown = Shown(_hasWalks ? (arm * 3) + 2 : ((arm + 1) & 3) * 3, seconds);
        return shown.Colour == SignalColour.Green ? shown.To - seconds : 0;
    }

    public double SecondsToGreen(int arm, double seconds) => Math.Min(NextGreen(arm * 3, seconds), NextGreen((arm * 3) + 1, seconds));

    public double GreenSince(int arm, Turn turn, double seconds)
    {
        var shown = Shown((arm * 3) + (turn == Turn.Right ? 1 : 0), seconds);
        return shown.Colour == SignalColour.Green ? seconds - shown.From : 0;
    }

    private double NextGreen(int group, double seconds)
    {
        var lamps = Known(group, seconds);
        for (var i = lamps.IndexAt(seconds); i < lamps.Changes.Count; i++)
        {
            if (lamps.Changes[i].Colour == SignalColour.Green) return Math.Max(0, lamps.Changes[i].From - seconds);
        }

        return double.PositiveInfinity;
    }

    private GroupChange Shown(int group, double seconds)
    {
        var lamps = Known(group, seconds);
        return lamps.Changes[lamps.IndexAt(seconds)];
    }

    private Lamps Known(int group, double seconds)
    {
        if (_cycles[^1].EndsAt <= seconds + LooksAhead)
        {
            // Long runs ahead, so that what the groups show is seldom worked out again.
            while (_cycles[^1].EndsAt <= seconds + (4 * LooksAhead)) AddNext();
            foreach (var lamps in _lamps) lamps.Changes = null!;
        }

        return _lamps[group].Of(_cycles);
    }

    private void AddNext()
    {
        var begin = _cycles[^1].EndsAt;
        var isNew = false;
        while (_period + 1 < _programme.Periods.Count && begin >= _programme.Periods[_period + 1].FromSeconds)
        {
            _period++;
            isNew = true;
        }

        var plan = _programme.Periods[_period].Plan;
        if (isNew) _phase = _programme.Transition == PlanTransition.AtOnce ? begin : plan.OffsetSeconds;
        var late = _programme.Transition == PlanTransition.Lengthen ? Math.IEEERemainder(begin - _phase, plan.CycleSeconds) : 0;
        var missing = late < -1e-6 ? -late : late > 1e-6 ? plan.CycleSeconds - late : 0;
        var isFree = _programme is { GreenJitterSeconds: > 0, KeepsCycle: false };
        Add(begin, plan, isFree ? 0 : Math.Min(missing, LongestStretch * plan.CycleSeconds));
    }

    private void Add(double begin, TimingPlan plan, double longer)
    {
        var greens = plan.Stages.Select(s => s.GreenSeconds).ToArray();
        if (_programme.GreenJitterSeconds > 0)
        {
            for (var i = 0; i < greens.Length; i++) greens[i] += _jitter.Between(-_programme.GreenJitterSeconds, _programme.GreenJitterSeconds);
            if (_programme.KeepsCycle) greens[^1] += plan.Stages.Sum(s => s.GreenSeconds) - greens.Sum();
        }

        var longest = Array.IndexOf(greens, greens.Max());
        greens[longest] += longer;
        _cycles.Add(new SignalCycle(begin, plan, [.. greens]));
    }

    /// <summary>What one group shows in all cycles so far.</summary>
    private sealed class Lamps(string name)
    {
        private int _last;

        public List<GroupChange> Changes { get; set; } = null!;

        public Lamps Of(List<SignalCycle> cycles)
        {
            Changes ??= [.. SignalCycles.Changes(cycles, name)];
            return this;
        }

        /// <summary>Time mostly goes on a little.</summary>
        public int IndexAt(double seconds)
        {
            if (_last >= Changes.Count || Changes[_last].From > seconds) _last = 0;
            while (_last + 1 < Changes.Count && Changes[_last].To <= seconds) _last++;
            return _last;
        }
    }
}
