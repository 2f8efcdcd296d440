using Google.OrTools.LinearSolver;

namespace TrafficFlow.Core.Tests.Release.Attack;

/// <summary>
/// An outsider with a linear programme: a variable for each cell that was not told, an equation for each figure that was. Streams have
/// none in common: no figure is told of classes over several movements. Counts are at least zero; that they are whole would tell no more.
/// </summary>
internal sealed class StreamAttack : IDisposable
{
    private readonly StreamFacts _facts;
    private readonly Solver _solver = Solver.CreateSolver("GLOP");
    private readonly Variable?[][][] _cells;
    private readonly Dictionary<(int Day, int Hour), Variable[][]> _parts = [];

    public StreamAttack(StreamFacts facts)
    {
        _facts = facts;
        _cells = [.. facts.Days.Select((day, d) => day.Hours.Select((hour, h) => Read(hour, d, h)).ToArray())];
        for (var c = 0; c < facts.Told.Count; c++)
        {
            for (var d = 0; d < facts.Days.Count; d++) Equate(facts.Days[d].Told[c], [d], c);
            Equate(facts.Told[c], Enumerable.Range(0, facts.Days.Count), c);
        }
    }

    public (double Low, double High) Hour(int day, int hour, int category) => Bounds([(day, hour)], category);

    public (double Low, double High) Day(int day, int category) => Bounds(Hours([day]), category);

    public (double Low, double High) Month(int category) => Bounds(Hours(Enumerable.Range(0, _facts.Days.Count)), category);

    /// <param name="parts">Of an hour that has parts.</param>
    public (double Low, double High) Parts(int day, int hour, int category, IEnumerable<int> parts) =>
        Bounds([.. parts.Select(p => _parts[(day, hour)][p][category])], 0);

    public void Dispose() => _solver.Dispose();

    private Variable?[] Read(HourFacts hour, int d, int h)
    {
        var cells = hour.Told.Select((told, c) => told is null ? _solver.MakeNumVar(0, hour.Total, $"x{d}.{h}.{c}") : null).ToArray();
        Equate(hour.Total - hour.Told.Sum(t => t ?? 0), cells.OfType<Variable>());
        if (hour.Parts is not { } totals) return cells;
        var parts = totals.Select((total, p) => hour.Told.Select((_, c) => _solver.MakeNumVar(0, total, $"y{d}.{h}.{p}.{c}")).ToArray()).ToArray();
        for (var p = 0; p < parts.Length; p++) Equate(totals[p], parts[p]);
        for (var c = 0; c < cells.Length; c++)
        {
            var row = _solver.MakeConstraint(hour.Told[c] ?? 0, hour.Told[c] ?? 0);
            foreach (var part in parts) row.SetCoefficient(part[c], 1);
            if (cells[c] is { } cell) row.SetCoefficient(cell, -1);
        }

        _parts[(d, h)] = parts;
        return cells;
    }

    private IReadOnlyList<(int Day, int Hour)> Hours(IEnumerable<int> days) => [.. days.SelectMany(d => Enumerable.Range(0, _facts.Days[d].Hours.Count).Select(h => (d, h)))];

    private int ToldWithin(IEnumerable<(int Day, int Hour)> hours, int c) => hours.Sum(x => _facts.Days[x.Day].Hours[x.Hour].Told[c] ?? 0);

    private void Equate(int? told, IEnumerable<int> days, int c)
    {
        if (told is not { } sum) return;
        var hours = Hours(days);
        Equate(sum - ToldWithin(hours, c), hours.Select(x => _cells[x.Day][x.Hour][c]).OfType<Variable>());
    }

    private void Equate(int sum, IEnumerable<Variable> variables)
    {
        var row = _solver.MakeConstraint(sum, sum);
        foreach (var variable in variables) row.SetCoefficient(variable, 1);
    }

    private (double Low, double High) Bounds(IReadOnlyList<(int Day, int Hour)> hours, int c) =>
        Bounds([.. hours.Select(x => _cells[x.Day][x.Hour][c]).OfType<Variable>()], ToldWithin(hours, c));

    private (double Low, double High) Bounds(IReadOnlyList<Variable> variables, int known)
    {
        if (variables.Count == 0) return (known, known);
        var objective = _solver.Objective();
        objective.Clear();
        foreach (var variable in variables) objective.SetCoefficient(variable, 1);
        return (known + Optimum(isLeast: true), known + Optimum(isLeast: false));
    }

    private double Optimum(bool isLeast)
    {
        if (isLeast) _solver.Objective().SetMinimization();
        else _solver.Objective().SetMaximization();
        var status = _solver.Solve();
        // The truth solves it: anything else is a mistake of this program, and proves nothing.
        if (status != Solver.ResultStatus.OPTIMAL) throw new InvalidOperationException($"the attacker's linear programme ended as {status}");
        return _solver.Objective().Value();
    }
}
