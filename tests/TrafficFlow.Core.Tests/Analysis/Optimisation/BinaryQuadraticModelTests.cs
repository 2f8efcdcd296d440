using CsCheck;
using TrafficFlow.Analysis.Optimisation;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class BinaryQuadraticModelTests
{
    [Fact]
    public void An_energy_is_the_sum_of_offset_biases_and_couplings()
    {
        var model = new QuadraticModelBuilder(Vartype.Spin)
            .AddLinear(VariableLabel.Of("a"), 1.5)
            .AddQuadratic(VariableLabel.Of("a"), VariableLabel.Of("b"), -2)
            .AddOffset(10)
            .Build();

        Assert.Equal(10 + 1.5 - 2, model.Energy([1, 1]));
        Assert.Equal(10 - 1.5 + 2, model.Energy([-1, 1]));
        Assert.Equal(1, model.IndexOf(VariableLabel.Of("b")));
        Assert.Null(model.IndexOf(VariableLabel.Of("c")));
    }

    [Fact]
    public void What_is_given_for_the_same_pair_adds_up_in_either_order()
    {
        var model = new QuadraticModelBuilder(Vartype.Binary)
            .AddQuadratic(VariableLabel.Of(7), VariableLabel.Of(3), 1)
            .AddQuadratic(VariableLabel.Of(3), VariableLabel.Of(7), 2.5)
            .Build();

        Assert.Equal(new Coupling(0, 1, 3.5), Assert.Single(model.Couplings()));
        Assert.Equal(3.5, model.CouplingOf(1, 0));
    }

    [Fact]
    public void A_pair_of_a_variable_with_itself_is_what_its_square_is()
    {
        var binary = new QuadraticModelBuilder(Vartype.Binary).AddQuadratic(VariableLabel.Of(0), VariableLabel.Of(0), 4).Build();
        var spin = new QuadraticModelBuilder(Vartype.Spin).AddQuadratic(VariableLabel.Of(0), VariableLabel.Of(0), 4).Build();

        Assert.Equal((4, 0), (binary.Linear[0], binary.Offset));
        Assert.Equal((0, 4), (spin.Linear[0], spin.Offset));
    }

    [Fact]
    public void A_coupling_of_bias_zero_stays_a_coupling() =>
        Assert.Equal(1, new QuadraticModelBuilder(Vartype.Binary).AddQuadratic(VariableLabel.Of(0), VariableLabel.Of(1), 0).Build().CouplingCount);

    [Fact]
    public void A_change_of_vartype_keeps_every_energy() =>
        Models.Any().Sample(model =>
        {
            var other = model.ChangeVartype(model.Vartype == Vartype.Spin ? Vartype.Binary : Vartype.Spin);
            var back = other.ChangeVartype(model.Vartype);
            for (var bits = 0L; bits < 1L << model.VariableCount; bits++)
            {
                var energy = model.Energy(model.Sample(bits));
                Assert.Equal(energy, other.Energy(other.Sample(bits)), Math.Abs(energy) * 1e-9 + 1e-7);
                Assert.Equal(energy, back.Energy(back.Sample(bits)), Math.Abs(energy) * 1e-9 + 1e-7);
            }
        }, iter: 200);

    [Fact]
    public void The_elementary_bound_is_below_every_sample_that_fulfils_the_groups() =>
        Gen.OneOf(Models.Grouped, Models.Any(10)).Sample(model => Assert.True(LowerBounds.Elementary(model) <= model.LeastEnergy() + 1e-6), iter: 300);

    [Fact]
    public void Groups_count_as_broken_unless_exactly_one_is_set()
    {
        var model = Models.Random(1, 1, [2, 3], 1);

        Assert.Equal(0, model.ViolatedGroups([0, 0, 1, 1, 0, 0]));
        Assert.Equal(1, model.ViolatedGroups([0, 1, 1, 1, 0, 0]));
        Assert.Equal(2, model.ViolatedGroups([1, 0, 0, 0, 1, 1]));
    }

    [Fact]
    public void A_square_adds_what_it_says()
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        for (var i = 0; i < 3; i++) builder.Add(VariableLabel.Of(i));
        var model = builder.AddSquare([(0, 1), (1, 2), (2, 3)], -4, 10).Build();

        for (var bits = 0; bits < 8; bits++)
        {
            var sample = model.Sample(bits);
            var miss = sample[0] + 2 * sample[1] + 3 * sample[2] - 4;
            Assert.Equal(10.0 * miss * miss, model.Energy(sample));
        }
    }

    [Fact]
    public void A_group_with_strength_costs_a_solver_that_knows_no_groups()
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        for (var i = 0; i < 3; i++) builder.Add(VariableLabel.Of(i));
        var model = builder.AddOneHotGroup([0, 1, 2], 5).Build();

        Assert.Equal(0, model.Energy([0, 1, 0]));
        Assert.Equal(5, model.Energy([0, 0, 0]));
        Assert.Equal(20, model.Energy([1, 1, 1]));
    }

    [Fact]
    public void Without_labels_nothing_is_left_of_a_name()
    {
        var model = new QuadraticModelBuilder(Vartype.Binary).AddLinear(VariableLabel.Of("産業道路 北"), 1).Build();

        Assert.Equal("0", Assert.Single(model.WithoutLabels().Labels).ToString());
    }

    [Fact]
    public void Odd_models_are_refused()
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary, new ModelLimits(2, 1, 1000, 5));
        builder.Add(VariableLabel.Of(0));
        builder.AddQuadratic(VariableLabel.Of(0), VariableLabel.Of(1), 1);

        Assert.Contains("more than 2 variables", Refused(() => builder.Add(VariableLabel.Of(2))), StringComparison.Ordinal);
        Assert.Contains("more than 1 couplings", Refused(() => builder.AddQuadratic(0, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("finite", Refused(() => builder.AddLinear(0, double.NaN)), StringComparison.Ordinal);
        Assert.Contains("twice in one-hot groups", Refused(() => builder.AddOneHotGroup([0, 1, 1])), StringComparison.Ordinal);
        Assert.Contains("scale the model down", Refused(() => builder.AddLinear(0, double.MaxValue).AddLinear(0, double.MaxValue).Build()), StringComparison.Ordinal);
        Assert.Contains("more than 5 characters", Refused(() => new QuadraticModelBuilder(Vartype.Spin, new ModelLimits(2, 1, 1, 5)).Add(VariableLabel.Of("123456"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_of_the_other_vartype_or_length_is_refused()
    {
        var model = Models.Random(1, 2, [], 1);

        Assert.Contains("variable 1 has the value -1: BINARY is 0 or 1", Refused(() => model.Energy([1, -1])), StringComparison.Ordinal);
        Assert.Contains("a sample of 3 values for a model of 2 variables", Refused(() => model.Energy([1, 1, 1])), StringComparison.Ordinal);
    }

    private static string Refused(Func<object> build) => Assert.Throws<QuadraticModelException>(build).Message;

    private static string Refused(Func<int> build) => Assert.Throws<QuadraticModelException>(() => (object)build()).Message;

    private static string Refused(Func<double> build) => Assert.Throws<QuadraticModelException>(() => (object)build()).Message;
}
