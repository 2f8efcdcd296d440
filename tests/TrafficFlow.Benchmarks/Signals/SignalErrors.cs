using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>One figure that was told, against the truth.</summary>
internal readonly record struct ToldFigure(double Error, bool IsWithinInterval, double Margin);

/// <summary>How far what was inferred of one junction lies from the truth.</summary>
internal sealed class SignalErrors
{
    public List<ToldFigure> Cycles { get; } = [];

    public List<ToldFigure> Splits { get; } = [];

    public List<ToldFigure> Greens { get; } = [];

    public List<ToldFigure> Begins { get; } = [];

    /// <summary>In cycles of the longer of both plans.</summary>
    public List<ToldFigure> Changes { get; } = [];

    public int PlansNotFound { get; private set; }

    public int SplitsNotTold { get; private set; }

    public int GreensNotTold { get; private set; }

    public int ChangesMissed { get; private set; }

    public int ChangesInvented { get; private set; }

    /// <summary>What is beyond the limits, in words.</summary>
    public List<string> Misses { get; } = [];

    public static SignalErrors Of(RandomJunction junction, InferredSignals told)
    {
        var errors = new SignalErrors();
        var (begins, periods) = (junction.Begins(), junction.Programme.Periods);
        for (var i = 0; i < periods.Count; i++)
        {
            var end = i + 1 < periods.Count ? begins[i + 1] : junction.Seconds;
            var middle = SeenDischarge.Start.AddSeconds((Math.Max(0, begins[i]) + end) / 2);
            var plan = told.Plans.FirstOrDefault(p => p.Span.From <= middle && p.Span.To > middle);
            if (plan is null)
            {
                errors.PlansNotFound++;
                errors.Misses.Add($"{periods[i].Plan.Name} not found");
            }
            else errors.Compare(periods[i].Plan, begins[i], plan);
        }

        errors.CompareChanges(begins, periods, told);
        return errors;
    }

    private void Compare(TimingPlan truth, double begin, InferredPlan told)
    {
        var cycle = truth.CycleSeconds;
        Add(Cycles, told.CycleSeconds, cycle, 0.5, $"{truth.Name} cycle");
        if (Math.Abs(told.CycleSeconds.Value - cycle) > 0.5) return;
        var groups = Groups(truth, told);
        foreach (var stage in told.Stages)
        {
            // Until the next begin that was told too: a stage in which no vehicles start is none that anybody could see.
            var known = stage.Groups.Select(g => groups.GetValueOrDefault(g)).OfType<(double Begin, double Green)>().ToList();
            var next = told.Stages[(told.Stages.IndexOf(stage) + 1) % told.Stages.Length].Groups.Select(g => groups.GetValueOrDefault(g)).OfType<(double Begin, double Green)>().ToList();
            if (known.Count == 0 || next.Count == 0) continue;
            var split = told.Stages.Length == 1 ? cycle : PlanModulo(next[0].Begin - known[0].Begin, cycle);
            Add(Splits, stage.SplitSeconds, split, 1, $"{truth.Name} split of {string.Join("+", stage.Groups.Select(g => $"{told.Groups[g].Approach} {told.Groups[g].Movements[0]}"))}");
        }

        var starts = truth.Stages.Where((s, i) => s.Groups.Any(g => IsVehicle(truth, g) && !truth.Stages[(i + truth.Stages.Length - 1) % truth.Stages.Length].Groups.Contains(g))).Count();
        SplitsNotTold += Math.Max(0, starts - told.Stages.Length);
        foreach (var (index, group) in groups)
        {
            if (group is not { } known) continue;
            var name = $"{truth.Name} {told.Groups[index].Approach} {told.Groups[index].Movements[0]}";
            if (told.Groups[index].GreenSeconds is { } green) Add(Greens, green, known.Green, double.PositiveInfinity, $"{name} green");
            else GreensNotTold++;
            if (told.Groups[index].BeginSeconds is { } start)
            {
                var shown = begin + known.Begin - (told.Reference - SeenDischarge.Start).TotalSeconds;
                var error = Math.IEEERemainder(start.Value - shown, cycle);
                Begins.Add(new ToldFigure(error, Math.Abs(error) <= start.Margin, start.Margin));
            }
        }
    }

    /// <summary>For each group that was told, begin and displayed green of the true one in the cycle.</summary>
    private static Dictionary<int, (double Begin, double Green)?> Groups(TimingPlan truth, InferredPlan told)
    {
        var groups = new Dictionary<int, (double Begin, double Green)?>();
        var begins = truth.StageBegins().ToList();
        for (var i = 0; i < told.Groups.Length; i++)
        {
            var group = told.Groups[i];
            if (group.FirstCrossingSeconds is null || group.Movements.All(m => m == Movement.Entering)) continue;
            var movement = group.Movements.First(m => m != Movement.Entering);
            var name = truth.Groups.First(g => g.Approach == group.Approach && g.Movements.Contains(movement)).Name;
            var stage = Enumerable.Range(0, truth.Stages.Length).First(s => truth.Stages[s].Groups.Contains(name));
            groups[i] = (begins[stage], truth.Stages[stage].GreenSeconds);
        }

        return groups;
    }

    private void CompareChanges(IReadOnlyList<double> begins, IReadOnlyList<PlanPeriod> periods, InferredSignals told)
    {
        var open = told.Plans.Skip(1).Select(p => (At: (p.Span.From - SeenDischarge.Start).TotalSeconds, Plan: p)).ToList();
        for (var i = 1; i < begins.Count; i++)
        {
            var cycle = Math.Max(periods[i].Plan.CycleSeconds, periods[i - 1].Plan.CycleSeconds);
            var nearest = open.OrderBy(o => Math.Abs(o.At - begins[i])).FirstOrDefault();
            if (nearest.Plan is null || Math.Abs(nearest.At - begins[i]) > 10 * cycle)
            {
                ChangesMissed++;
                Misses.Add($"change to {periods[i].Plan.Name} missed");
                continue;
            }

            open.Remove(nearest);
            var within = nearest.Plan.BeginsWithin!.Value;
            var at = SeenDischarge.Start.AddSeconds(begins[i]);
            var error = (nearest.At - begins[i]) / cycle;
            Changes.Add(new ToldFigure(error, within.From <= at.AddSeconds(1) && within.To >= at.AddSeconds(-1), (within.To - within.From).TotalSeconds / 2 / cycle));
            if (Math.Abs(error) > 2) Misses.Add($"change to {periods[i].Plan.Name} {error:0.0} cycles off");
        }

        ChangesInvented += open.Count;
        foreach (var (at, _) in open) Misses.Add($"change invented at {at:0} s");
    }

    private void Add(List<ToldFigure> figures, Estimate told, double truth, double limit, string what)
    {
        var error = told.Value - truth;
        figures.Add(new ToldFigure(error, told.Low <= truth && told.High >= truth, told.Margin));
        if (Math.Abs(error) > limit) Misses.Add($"{what} {told} instead of {truth:0.##}");
    }

    private static bool IsVehicle(TimingPlan plan, string group) => !plan.Groups.First(g => g.Name == group).IsForPedestrians;

    private static double PlanModulo(double value, double cycle) => value - (Math.Floor(value / cycle) * cycle);
}
