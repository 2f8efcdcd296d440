using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation;

/// <summary>Gathers biases into a <see cref="BinaryQuadraticModel"/>: as in dimod, what is given for the same variable or pair is added up, and naming a variable adds it. Not thread-safe.</summary>
/// <exception cref="QuadraticModelException">From each method: a bias is not finite, or a limit is passed.</exception>
public sealed class QuadraticModelBuilder(Vartype vartype, ModelLimits? limits = null)
{
    private readonly ModelLimits _limits = limits ?? ModelLimits.Default;
    private readonly Dictionary<VariableLabel, int> _indices = [];
    private readonly List<VariableLabel> _labels = [];
    private readonly List<double> _linear = [];
    private readonly List<long> _pairs = [];
    private readonly List<double> _biases = [];
    private readonly List<OneHotGroup> _groups = [];
    private readonly HashSet<int> _grouped = [];
    private double _offset;

    public int VariableCount => _labels.Count;

    /// <summary>Adds the variable where it is new.</summary>
    /// <returns>Its index.</returns>
    public int Add(VariableLabel label)
    {
        if (_indices.TryGetValue(label, out var index)) return index;
        if (_labels.Count >= _limits.Variables) throw new QuadraticModelException($"more than {_limits.Variables} variables: make the model smaller, or raise the limit");
        if (label.ToString().Length > _limits.LabelCharacters) throw new QuadraticModelException($"a label of more than {_limits.LabelCharacters} characters: shorten it");
        _indices.Add(label, _labels.Count);
        _labels.Add(label);
        _linear.Add(0);
        return _labels.Count - 1;
    }

    public QuadraticModelBuilder AddLinear(VariableLabel label, double bias) => AddLinear(Add(label), bias);

    public QuadraticModelBuilder AddLinear(int variable, double bias)
    {
        _linear[variable] += Finite(bias, variable);
        return this;
    }

    public QuadraticModelBuilder AddQuadratic(VariableLabel u, VariableLabel v, double bias) => AddQuadratic(Add(u), Add(v), bias);

    /// <summary>A pair of a variable with itself is what its square is: the variable itself where it is 0 or 1, and 1 where it is -1 or +1.</summary>
    public QuadraticModelBuilder AddQuadratic(int u, int v, double bias)
    {
        Finite(bias, u);
        if (u == v) return vartype == Vartype.Binary ? AddLinear(u, bias) : AddOffset(bias);
        if (_pairs.Count >= _limits.Couplings) throw new QuadraticModelException($"more than {_limits.Couplings} couplings: make the model sparser, or raise the limit");
        _pairs.Add((long)Math.Min(u, v) << 32 | (uint)Math.Max(u, v));
        _biases.Add(bias);
        return this;
    }

    public QuadraticModelBuilder AddOffset(double bias)
    {
        if (!double.IsFinite(bias)) throw new QuadraticModelException($"an offset of {bias}: biases are finite");
        _offset += bias;
        return this;
    }

    /// <summary>Declares variables of which exactly one is set, and adds strength times the square of what is missing: what holds a solver to it that knows no groups.</summary>
    /// <param name="strength">0 leaves the group to solvers that know it.</param>
    public QuadraticModelBuilder AddOneHotGroup(IReadOnlyList<int> members, double strength = 0)
    {
        if (members.Count == 0) throw new QuadraticModelException("a one-hot group of no variables has no variable that could be set");
        foreach (var member in members)
        {
            if (!_grouped.Add(member)) throw new QuadraticModelException($"variable {_labels[member]} is twice in one-hot groups: groups are disjoint");
        }

        _groups.Add(new OneHotGroup([.. members]));
        return strength == 0 ? this : AddSquare([.. members.Select(m => (m, 1.0))], -1, strength);
    }

    /// <summary>Adds strength (constant + sum of factor times indicator)^2, where the indicator of a variable is 1 where it is set and else 0.</summary>
    public QuadraticModelBuilder AddSquare(IReadOnlyList<(int Variable, double Factor)> terms, double constant, double strength)
    {
        if (vartype != Vartype.Binary) throw new QuadraticModelException("squares of sums are added to models of 0 and 1: build it so, and change its vartype afterwards");
        AddOffset(strength * constant * constant);
        for (var i = 0; i < terms.Count; i++)
        {
            var (u, factor) = terms[i];
            AddLinear(u, strength * (factor * factor + 2 * constant * factor));
            for (var j = i + 1; j < terms.Count; j++) AddQuadratic(u, terms[j].Variable, 2 * strength * factor * terms[j].Factor);
        }

        return this;
    }

    public BinaryQuadraticModel Build()
    {
        var order = Merge(out var heads, out var tails, out var biases);
        var starts = new int[_labels.Count + 1];
        for (var k = 0; k < order; k++)
        {
            starts[heads[k] + 1]++;
            starts[tails[k] + 1]++;
        }

        for (var i = 0; i < _labels.Count; i++) starts[i + 1] += starts[i];
        var next = starts[..^1];
        var (columns, weights) = (new int[2 * order], new double[2 * order]);
        // Pairs come ordered by head, then tail. Row u is filled with all lower neighbours before the first higher one only if tails go first.
        for (var k = 0; k < order; k++) (columns[next[tails[k]]], weights[next[tails[k]]++]) = (heads[k], biases[k]);
        for (var k = 0; k < order; k++) (columns[next[heads[k]]], weights[next[heads[k]]++]) = (tails[k], biases[k]);
        foreach (var bias in _linear.Concat(weights).Append(_offset))
        {
            if (!double.IsFinite(bias)) throw new QuadraticModelException("biases add up to more than a number can hold: scale the model down");
        }

        return new BinaryQuadraticModel(vartype, [.. _labels], [.. _linear], starts, columns, weights, _offset, [.. _groups]);
    }

    /// <summary>Orders the pairs and adds up those given more than once, in the order in which they were given.</summary>
    private int Merge(out int[] heads, out int[] tails, out double[] biases)
    {
        var keys = _pairs.ToArray();
        var given = new int[keys.Length];
        for (var k = 0; k < given.Length; k++) given[k] = k;
        Array.Sort(keys, given);
        (heads, tails, biases) = (new int[keys.Length], new int[keys.Length], new double[keys.Length]);
        var count = 0;
        for (var from = 0; from < keys.Length;)
        {
            var to = from + 1;
            while (to < keys.Length && keys[to] == keys[from]) to++;
            Array.Sort(given, from, to - from);
            var sum = 0.0;
            for (var k = from; k < to; k++) sum += _biases[given[k]];
            (heads[count], tails[count], biases[count++]) = ((int)(keys[from] >> 32), (int)(keys[from] & uint.MaxValue), sum);
            from = to;
        }

        return count;
    }

    private double Finite(double bias, int variable) =>
        double.IsFinite(bias) ? bias : throw new QuadraticModelException($"a bias of {bias} at variable {_labels[variable]}: biases are finite");
}
