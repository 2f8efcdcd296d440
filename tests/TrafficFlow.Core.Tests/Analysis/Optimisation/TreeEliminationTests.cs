using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class TreeEliminationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(64200, 20)];

    /// <summary>Random trees of groups and of variables in none, of either vartype, in several pieces.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task On_a_tree_it_equals_enumeration(int seed)
    {
        var model = Tree(new Random(seed), isCircle: false);
        model = seed % 2 == 0 ? model : model.ChangeVartype(Vartype.Spin);
        var exact = await new Enumeration().SolveAsync(model, new SolverSettings(), null, TestContext.Current.CancellationToken);
        var found = await new TreeElimination().SolveAsync(model, new SolverSettings(), null, TestContext.Current.CancellationToken);

        Assert.True(TreeElimination.Fits(model));
        Assert.True(found.IsOptimal);
        Assert.Equal(exact.Energy, found.Energy, 1e-9);
    }

    [Fact]
    public async Task A_circle_is_refused()
    {
        var model = Tree(new Random(1), isCircle: true);

        Assert.False(TreeElimination.Fits(model));
        Assert.Contains("in circles", (await Assert.ThrowsAsync<SolverException>(() => new TreeElimination().SolveAsync(model, new SolverSettings(), null, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_nothing_and_one_of_no_couplings_have_an_answer()
    {
        var empty = await new TreeElimination().SolveAsync(new QuadraticModelBuilder(Vartype.Binary).AddOffset(3).Build(), new SolverSettings(), null, TestContext.Current.CancellationToken);
        var loose = await new TreeElimination().SolveAsync(
            new QuadraticModelBuilder(Vartype.Spin).AddLinear(VariableLabel.Of(1), 2).AddLinear(VariableLabel.Of(2), -1).Build(), new SolverSettings(), null, TestContext.Current.CancellationToken);

        Assert.Equal((3.0, -3.0), (empty.Energy, loose.Energy));
    }

    private static BinaryQuadraticModel Tree(Random random, bool isCircle)
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        var units = new List<int[]>();
        for (var u = 0; u < 7; u++)
        {
            var size = u % 3 == 2 ? 1 : random.Next(2, 5);
            int[] members = [.. Enumerable.Range(0, size).Select(k => builder.Add(VariableLabel.Of([VariableLabel.Of(u), VariableLabel.Of(k)])))];
            foreach (var m in members) builder.AddLinear(m, random.NextDouble() - 0.5);
            if (size > 1) builder.AddOneHotGroup(members, 0.3);
            // The fifth begins another piece.
            if (u > 0 && u != 4) Couple(units[u < 4 ? random.Next(u) : 4 + random.Next(u - 4)], members);
            units.Add(members);
        }

        if (isCircle)
        {
            Couple(units[0], units[1]);
            Couple(units[1], units[3]);
            Couple(units[3], units[0]);
        }

        return builder.Build();

        void Couple(int[] one, int[] other)
        {
            foreach (var a in one) foreach (var b in other) builder.AddQuadratic(a, b, random.NextDouble() - 0.5);
        }
    }
}
