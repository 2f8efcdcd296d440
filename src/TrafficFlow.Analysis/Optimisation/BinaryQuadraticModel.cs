using System.Collections.Frozen;
using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation;

/// <summary>
/// A binary quadratic model: E(x) = offset + sum of linear(i) x(i) + sum over pairs of coupling(i, j) x(i) x(j), to be minimised. Semantics are dimod's: variables are labelled and
/// kept in the order in which they were first named; a coupling of bias 0 stays a coupling. Beyond dimod, a model may declare one-hot groups: they are part of the problem, so that a
/// solver here looks only at samples in which exactly one variable of each group is set. Immutable; made by <see cref="QuadraticModelBuilder"/>.
/// </summary>
public class BinaryQuadraticModel
{
    private readonly double[] _linear;
    private readonly int[] _rowStarts;
    private readonly int[] _columns;
    private readonly double[] _biases;
    private readonly Lazy<FrozenDictionary<VariableLabel, int>> _indices;

    internal BinaryQuadraticModel(
        Vartype vartype, ImmutableArray<VariableLabel> labels, double[] linear, int[] rowStarts, int[] columns, double[] biases, double offset,
        ImmutableArray<OneHotGroup> groups)
    {
        (Vartype, Labels, _linear, _rowStarts, _columns, _biases, Offset, Groups) = (vartype, labels, linear, rowStarts, columns, biases, offset, groups);
        _indices = new(() => Labels.Select((label, index) => KeyValuePair.Create(label, index)).ToFrozenDictionary());
    }

    private protected BinaryQuadraticModel(BinaryQuadraticModel other)
        : this(other.Vartype, other.Labels, other._linear, other._rowStarts, other._columns, other._biases, other.Offset, other.Groups)
    {
    }

    public Vartype Vartype { get; }

    public ImmutableArray<VariableLabel> Labels { get; }

    public double Offset { get; }

    /// <summary>Disjoint; empty for a model as dimod knows it.</summary>
    public ImmutableArray<OneHotGroup> Groups { get; }

    public int VariableCount => _linear.Length;

    public int CouplingCount => _columns.Length / 2;

    /// <summary>By index of the variable.</summary>
    public ReadOnlySpan<double> Linear => _linear;

    /// <summary>Compressed rows: the neighbours of variable i stand in <see cref="Columns"/> and <see cref="Biases"/> from RowStarts[i] to before RowStarts[i + 1], in ascending order.</summary>
    internal ReadOnlySpan<int> RowStarts => _rowStarts;

    /// <summary>Each coupling stands in the rows of both of its variables.</summary>
    internal ReadOnlySpan<int> Columns => _columns;

    internal ReadOnlySpan<double> Biases => _biases;

    /// <returns>Null for a label that the model does not have.</returns>
    public int? IndexOf(VariableLabel label) => _indices.Value.TryGetValue(label, out var index) ? index : null;

    /// <summary>Each once, U below V, ordered by U, then V.</summary>
    public IEnumerable<Coupling> Couplings()
    {
        for (var u = 0; u < VariableCount; u++)
        {
            for (var k = _rowStarts[u]; k < _rowStarts[u + 1]; k++)
            {
                if (_columns[k] > u) yield return new Coupling(u, _columns[k], _biases[k]);
            }
        }
    }

    /// <returns>0 for two variables that are not coupled.</returns>
    public double CouplingOf(int u, int v)
    {
        var at = Array.BinarySearch(_columns, _rowStarts[u], _rowStarts[u + 1] - _rowStarts[u], v);
        return at < 0 ? 0 : _biases[at];
    }

    /// <param name="sample">A value of the model's vartype for each variable, in the order of <see cref="Labels"/>.</param>
    /// <exception cref="QuadraticModelException">It has another length, or a value of the other vartype.</exception>
    public double Energy(ReadOnlySpan<sbyte> sample)
    {
        Check(sample);
        var energy = Offset;
        for (var u = 0; u < sample.Length; u++)
        {
            if (sample[u] == 0) continue;
            var field = _linear[u];
            for (var k = _rowStarts[u]; k < _rowStarts[u + 1]; k++)
            {
                if (_columns[k] > u) field += _biases[k] * sample[_columns[k]];
            }

            energy += sample[u] * field;
        }

        return energy;
    }

    /// <returns>How many groups have not exactly one variable set.</returns>
    public int ViolatedGroups(ReadOnlySpan<sbyte> sample)
    {
        Check(sample);
        var violated = 0;
        foreach (var group in Groups)
        {
            var set = 0;
            foreach (var member in group.Members) set += sample[member] == 1 ? 1 : 0;
            if (set != 1) violated++;
        }

        return violated;
    }

    /// <summary>The same energies over the other two values: x = (s + 1) / 2.</summary>
    public BinaryQuadraticModel ChangeVartype(Vartype vartype)
    {
        if (vartype == Vartype) return this;
        var isToBinary = vartype == Vartype.Binary;
        var linear = new double[VariableCount];
        var biases = Array.ConvertAll(_biases, b => isToBinary ? 4 * b : b / 4);
        var offset = Offset;
        for (var u = 0; u < VariableCount; u++)
        {
            // s = 2x - 1: h s + J s t = 2h x - h + 4J x y - 2J x - 2J y + J; and back.
            var row = 0.0;
            for (var k = _rowStarts[u]; k < _rowStarts[u + 1]; k++)
            {
                row += _biases[k];
                if (_columns[k] > u) offset += isToBinary ? _biases[k] : _biases[k] / 4;
            }

            linear[u] = isToBinary ? 2 * _linear[u] - 2 * row : _linear[u] / 2 + row / 4;
            offset += isToBinary ? -_linear[u] : _linear[u] / 2;
        }

        return OfSameSource(new BinaryQuadraticModel(vartype, Labels, linear, _rowStarts, _columns, biases, offset, Groups));
    }

    /// <summary>The same model with its variables named 0, 1, 2, ...: what may leave.</summary>
    public BinaryQuadraticModel WithoutLabels() =>
        OfSameSource(new(Vartype, [.. Enumerable.Range(0, VariableCount).Select(i => VariableLabel.Of(i))], _linear, _rowStarts, _columns, _biases, Offset, Groups));

    /// <summary>Another form of this model, made of what this one was made of.</summary>
    private protected virtual BinaryQuadraticModel OfSameSource(BinaryQuadraticModel model) => model;

    private void Check(ReadOnlySpan<sbyte> sample)
    {
        if (sample.Length != VariableCount)
        {
            throw new QuadraticModelException($"a sample of {sample.Length} values for a model of {VariableCount} variables: give one value for each");
        }

        var low = Vartype.Low();
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] != low && sample[i] != 1) throw new QuadraticModelException($"variable {Labels[i]} has the value {sample[i]}: {Vartype.NameOf()} is {low} or 1");
        }
    }
}

/// <summary>Two variables, by index, and the bias on their product.</summary>
public readonly record struct Coupling(int U, int V, double Bias);

/// <summary>Variables, by index, of which exactly one is set. Their order means something to transfer moves: neighbours are one step apart, such as greens of 10, 11, 12 s.</summary>
public sealed record OneHotGroup(ImmutableArray<int> Members)
{
    public bool Equals(OneHotGroup? other) => other is not null && Members.AsSpan().SequenceEqual(other.Members.AsSpan());

    public override int GetHashCode() => Members.Aggregate(Members.Length, HashCode.Combine);
}
