using CsCheck;
using TrafficFlow.Analysis.Optimisation;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

/// <summary>Random models for tests.</summary>
internal static class Models
{
    /// <summary>Biases from a hundredth to a thousand, whole and broken; labels of all kinds; some couplings given twice.</summary>
    public static Gen<BinaryQuadraticModel> Any(int variables = 12) =>
        from vartype in Gen.Bool.Select(b => b ? Vartype.Spin : Vartype.Binary)
        from count in Gen.Int[0, variables]
        from labels in Gen.Int[0, 3].Array[count]
        from linear in Bias.Array[count]
        from pairs in Gen.Select(Gen.Int[0, Math.Max(0, count - 1)], Gen.Int[0, Math.Max(0, count - 1)], Bias).Array[0, 3 * count]
        from offset in Bias
        select Build(vartype, [.. labels.Select(Label)], linear, pairs, offset);

    /// <summary>Of 0 and 1, with free variables and groups, labelled 0, 1, 2, ...</summary>
    public static Gen<BinaryQuadraticModel> Grouped =>
        from free in Gen.Int[0, 4]
        from sizes in Gen.Int[1, 5].Array[1, 3]
        from seed in Gen.Int
        from vartype in Gen.Bool.Select(b => b ? Vartype.Spin : Vartype.Binary)
        select Random(seed, free, sizes, 0.6, vartype);

    public static Gen<double> Bias => Gen.OneOf(Gen.Int[-20, 20].Select(i => (double)i), Gen.Double[-1000, 1000], Gen.Const(0.0));

    public static BinaryQuadraticModel Random(int seed, int free, int[] groups, double density, Vartype vartype = Vartype.Binary, bool isWhole = true)
    {
        var random = new Random(seed);
        var builder = new QuadraticModelBuilder(vartype);
        var count = free + groups.Sum();
        double Any() => isWhole ? random.Next(-50, 51) : random.NextDouble() * 100 - 50;
        for (var i = 0; i < count; i++) builder.AddLinear(VariableLabel.Of(i), Any());
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                if (random.NextDouble() < density) builder.AddQuadratic(i, j, Any());
            }
        }

        var from = free;
        foreach (var size in groups)
        {
            builder.AddOneHotGroup([.. Enumerable.Range(from, size)]);
            from += size;
        }

        return builder.Build();
    }

    public static sbyte[] Sample(this BinaryQuadraticModel model, long bits) =>
        [.. Enumerable.Range(0, model.VariableCount).Select(i => (bits >> i & 1) == 1 ? (sbyte)1 : model.Vartype.Low())];

    /// <summary>Looks at all 2^n samples without any of the code under test but the energy.</summary>
    public static double LeastEnergy(this BinaryQuadraticModel model) =>
        Enumerable.Range(0, 1 << model.VariableCount).Select(bits => model.Sample(bits)).Where(s => model.ViolatedGroups(s) == 0).Min(s => model.Energy(s));

    private static BinaryQuadraticModel Build(Vartype vartype, VariableLabel[] labels, double[] linear, (int U, int V, double Bias)[] pairs, double offset)
    {
        var builder = new QuadraticModelBuilder(vartype);
        for (var i = 0; i < labels.Length; i++) builder.AddLinear(labels[i], linear[i]);
        if (labels.Length > 0)
        {
            foreach (var (u, v, bias) in pairs) builder.AddQuadratic(labels[u], labels[v], bias);
        }

        return builder.AddOffset(offset).Build();
    }

    private static VariableLabel Label(int kind, int index) => kind switch
    {
        0 => VariableLabel.Of(index),
        1 => VariableLabel.Of($"変数 \"{index}\""),
        2 => VariableLabel.Of([VariableLabel.Of("北"), VariableLabel.Of(index)]),
        _ => VariableLabel.Of(-index - 1),
    };
}
