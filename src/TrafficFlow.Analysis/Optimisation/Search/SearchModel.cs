namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>A model as the searches walk over it: over 0 and 1, compressed rows, free variables and groups apart. Read by all threads, written by none.</summary>
internal sealed class SearchModel
{
    /// <summary>Up to so many variables, couplings of two given variables are looked up in a full matrix (8 MiB).</summary>
    private const int DenseVariables = 1024;

    /// <summary>64 times what one addition may round away of 1: some ten additions happen between two looks.</summary>
    private const double RoundingSteps = 64 * 2.220446049250313e-16;

    private readonly double[]? _dense;

    public SearchModel(BinaryQuadraticModel model)
    {
        var binary = model.ChangeVartype(Vartype.Binary);
        Count = binary.VariableCount;
        Offset = binary.Offset;
        Low = model.Vartype.Low();
        Linear = binary.Linear.ToArray();
        RowStarts = binary.RowStarts.ToArray();
        Columns = binary.Columns.ToArray();
        Biases = binary.Biases.ToArray();
        Groups = [.. model.Groups.Select(g => g.Members.ToArray())];
        var grouped = Groups.SelectMany(g => g).ToHashSet();
        Free = [.. Enumerable.Range(0, Count).Where(i => !grouped.Contains(i))];
        if (Groups.Length > 1 && Count <= DenseVariables) _dense = Dense();
        for (var i = 0; i < Count; i++)
        {
            var row = Math.Abs(Linear[i]);
            for (var k = RowStarts[i]; k < RowStarts[i + 1]; k++) row += Math.Abs(Biases[k]);
            Tolerance = Math.Max(Tolerance, RoundingSteps * row);
        }
    }

    public int Count { get; }

    public double Offset { get; }

    /// <summary>Of the model's vartype: what a 0 is told as.</summary>
    public sbyte Low { get; }

    public double[] Linear { get; }

    public int[] RowStarts { get; }

    public int[] Columns { get; }

    public double[] Biases { get; }

    /// <summary>Differences of energy up to this may be rounding alone: large penalties that cancel leave it behind.</summary>
    public double Tolerance { get; }

    /// <summary>Members in their order.</summary>
    public int[][] Groups { get; }

    /// <summary>Variables of no group.</summary>
    public int[] Free { get; }

    public double CouplingOf(int u, int v)
    {
        if (_dense is not null) return _dense[u * Count + v];
        var at = Array.BinarySearch(Columns, RowStarts[u], RowStarts[u + 1] - RowStarts[u], v);
        return at < 0 ? 0 : Biases[at];
    }

    public sbyte[] ToSample(ReadOnlySpan<sbyte> bits)
    {
        var sample = new sbyte[bits.Length];
        for (var i = 0; i < bits.Length; i++) sample[i] = bits[i] == 1 ? (sbyte)1 : Low;
        return sample;
    }

    private double[] Dense()
    {
        var dense = new double[Count * Count];
        for (var u = 0; u < Count; u++)
        {
            for (var k = RowStarts[u]; k < RowStarts[u + 1]; k++) dense[u * Count + Columns[k]] = Biases[k];
        }

        return dense;
    }
}
