using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>
/// One sample under search, with the local field of each variable: what setting it would add to the energy, linear(i) + sum of coupling(i, j) x(j). A change costs the row of the variable,
/// the value of a change nothing more than a look. Groups always have exactly one variable set. Nothing is allocated after the constructor.
/// </summary>
internal sealed class SearchState
{
    private readonly SearchModel _model;
    private readonly sbyte[] _bits;
    private readonly double[] _fields;

    /// <summary>What setting or clearing changes in a field's sign: 1 where the bit is 0, -1 where it is 1. Field times sign is what a flip would add.</summary>
    private readonly double[] _signs;

    private readonly int[] _positions;

    public SearchState(SearchModel model)
    {
        _model = model;
        _bits = new sbyte[model.Count];
        _fields = new double[model.Count];
        _signs = new double[model.Count];
        _positions = new int[model.Groups.Length];
    }

    public double Energy { get; private set; }

    public ReadOnlySpan<sbyte> Bits => _bits;

    public ReadOnlySpan<double> Fields => _fields;

    /// <summary>Of each group, the position of the variable that is set.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    public void Randomize(ref Xoshiro256 random)
    {
        Array.Clear(_bits);
        foreach (var i in _model.Free) _bits[i] = (sbyte)(random.Next() >> 63);
        for (var g = 0; g < _positions.Length; g++)
        {
            _positions[g] = random.Next(_model.Groups[g].Length);
            _bits[_model.Groups[g][_positions[g]]] = 1;
        }

        Recompute();
    }

    /// <summary>Positions of all groups, and free variables as they are.</summary>
    public void Set(ReadOnlySpan<sbyte> bits)
    {
        bits.CopyTo(_bits);
        for (var g = 0; g < _positions.Length; g++)
        {
            var members = _model.Groups[g];
            for (var p = 0; p < members.Length; p++)
            {
                if (_bits[members[p]] == 1) _positions[g] = p;
            }
        }

        Recompute();
    }

    /// <summary>Fields and energy from the bits alone, free of what additions have rounded away.</summary>
    public void Recompute()
    {
        var twice = 0.0;
        for (var i = 0; i < _bits.Length; i++)
        {
            var field = _model.Linear[i];
            for (var k = _model.RowStarts[i]; k < _model.RowStarts[i + 1]; k++)
            {
                if (_bits[_model.Columns[k]] == 1) field += _model.Biases[k];
            }

            _fields[i] = field;
            _signs[i] = 1 - 2 * _bits[i];
            if (_bits[i] == 1) twice += field + _model.Linear[i];
        }

        Energy = _model.Offset + twice / 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double FlipDelta(int i) => _bits[i] == 0 ? _fields[i] : -_fields[i];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flip(int i)
    {
        Energy += FlipDelta(i);
        Toggle(i);
    }

    /// <summary>What moving the group's set variable there would add.</summary>
    public double MoveDelta(int group, int position)
    {
        var members = _model.Groups[group];
        var (from, to) = (members[_positions[group]], members[position]);
        return from == to ? 0 : _fields[to] - _fields[from] - _model.CouplingOf(from, to);
    }

    public void Move(int group, int position)
    {
        if (position == _positions[group]) return;
        Energy += MoveDelta(group, position);
        Shift(group, position);
    }

    /// <summary>What moving two groups at once would add.</summary>
    public double TransferDelta(int g, int gPosition, int h, int hPosition)
    {
        var (a, b) = (_model.Groups[g][_positions[g]], _model.Groups[g][gPosition]);
        var (c, d) = (_model.Groups[h][_positions[h]], _model.Groups[h][hPosition]);
        var moves = MoveDelta(g, gPosition) + MoveDelta(h, hPosition);
        if (a == b || c == d) return moves;
        return moves + _model.CouplingOf(b, d) - _model.CouplingOf(b, c) - _model.CouplingOf(a, d) + _model.CouplingOf(a, c);
    }

    public void Transfer(int g, int gPosition, int h, int hPosition)
    {
        Energy += TransferDelta(g, gPosition, h, hPosition);
        if (gPosition != _positions[g]) Shift(g, gPosition);
        if (hPosition != _positions[h]) Shift(h, hPosition);
    }

    /// <summary>One sweep of Metropolis flips over the free variables, in order.</summary>
    /// <param name="beta">Inverse temperature.</param>
    public void SweepFree(double beta, ref Xoshiro256 random)
    {
        // Above, a random number of 53 bits would never accept: no need to draw it.
        var hopeless = Metropolis.Hopeless / beta;
        if (_model.Free.Length == _bits.Length)
        {
            SweepAll(beta, hopeless, ref random);
            return;
        }

        foreach (var i in _model.Free) Try(i, beta, hopeless, ref random);
    }

    /// <summary>The same, four variables at a time: cold, most are hopeless, and are passed over together. What is tried, and in which order, is the same on any machine.</summary>
    private void SweepAll(double beta, double hopeless, ref Xoshiro256 random)
    {
        ref var fields = ref MemoryMarshal.GetArrayDataReference(_fields);
        ref var signs = ref MemoryMarshal.GetArrayDataReference(_signs);
        var limit = Vector256.Create(hopeless);
        var i = 0;
        for (; i + Vector256<double>.Count <= _bits.Length; i += Vector256<double>.Count)
        {
            var deltas = Vector256.LoadUnsafe(ref fields, (nuint)i) * Vector256.LoadUnsafe(ref signs, (nuint)i);
            if (Vector256.GreaterThanOrEqualAll(deltas, limit)) continue;
            for (var k = i; k < i + Vector256<double>.Count; k++) Try(k, beta, hopeless, ref random);
        }

        for (; i < _bits.Length; i++) Try(i, beta, hopeless, ref random);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Try(int i, double beta, double hopeless, ref Xoshiro256 random)
    {
        var delta = _fields[i] * _signs[i];
        if (delta >= hopeless || (delta > 0 && !Metropolis.Accepts(beta * delta, ref random))) return;
        Energy += delta;
        Toggle(i);
    }

    private void Shift(int group, int position)
    {
        var members = _model.Groups[group];
        Toggle(members[_positions[group]]);
        Toggle(members[position]);
        _positions[group] = position;
    }

    /// <summary>Sets or clears the variable and brings its neighbours' fields up to date: the loop in which a search spends its time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Toggle(int i)
    {
        var to = _model.RowStarts[i + 1];
        ref var fields = ref MemoryMarshal.GetArrayDataReference(_fields);
        ref var columns = ref MemoryMarshal.GetArrayDataReference(_model.Columns);
        ref var biases = ref MemoryMarshal.GetArrayDataReference(_model.Biases);
        if (_bits[i] == 0)
        {
            (_bits[i], _signs[i]) = (1, -1);
            for (var k = _model.RowStarts[i]; k < to; k++) Unsafe.Add(ref fields, Unsafe.Add(ref columns, k)) += Unsafe.Add(ref biases, k);
        }
        else
        {
            (_bits[i], _signs[i]) = (0, 1);
            for (var k = _model.RowStarts[i]; k < to; k++) Unsafe.Add(ref fields, Unsafe.Add(ref columns, k)) -= Unsafe.Add(ref biases, k);
        }
    }
}
