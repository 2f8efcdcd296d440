namespace TrafficFlow.Core.Tracking;

/// <summary>
/// Best one-to-one assignment of rows to columns (Kuhn-Munkres by shortest augmenting paths, O(n^2 m)), here for the largest sum of
/// similarities. Its buffers are reused, so a frame allocates nothing. Ties fall to the lower index: the result is deterministic.
/// </summary>
internal sealed class HungarianAssignment
{
    private double[] _cost = [];
    private double[] _rowPotential = [];
    private double[] _columnPotential = [];
    private double[] _shortest = [];
    private int[] _rowOfColumn = [];
    private int[] _way = [];
    private bool[] _used = [];
    private int _rows;
    private int _columns;

    /// <summary>Prepares a matrix of zero similarity: rows and columns that cannot belong together.</summary>
    public void Reset(int rows, int columns)
    {
        (_rows, _columns) = (rows, columns);
        // Each row may also stay alone, at the price of no similarity: one spare column a row.
        var width = columns + rows;
        Grow(ref _cost, rows * width);
        Array.Clear(_cost, 0, rows * width);
        Grow(ref _rowPotential, rows + 1);
        Grow(ref _columnPotential, width + 1);
        Grow(ref _shortest, width + 1);
        Grow(ref _rowOfColumn, width + 1);
        Grow(ref _way, width + 1);
        Grow(ref _used, width + 1);
    }

    public void Set(int row, int column, double similarity) => _cost[(row * (_columns + _rows)) + column] = -similarity;

    /// <summary>Fills <paramref name="columnOfRow"/> with the column of each row, or -1.</summary>
    public void Solve(Span<int> columnOfRow)
    {
        var width = _columns + _rows;
        Array.Clear(_rowPotential, 0, _rows + 1);
        Array.Clear(_columnPotential, 0, width + 1);
        Array.Clear(_rowOfColumn, 0, width + 1);
        for (var row = 1; row <= _rows; row++) Augment(row, width);

        columnOfRow[.._rows].Fill(-1);
        for (var column = 1; column <= _columns; column++)
        {
            var row = _rowOfColumn[column];
            if (row > 0 && _cost[((row - 1) * width) + column - 1] < 0) columnOfRow[row - 1] = column - 1;
        }
    }

    private void Augment(int row, int width)
    {
        _rowOfColumn[0] = row;
        var column = 0;
        _shortest.AsSpan(0, width + 1).Fill(double.MaxValue);
        Array.Clear(_used, 0, width + 1);
        do
        {
            _used[column] = true;
            var (from, delta, next) = (_rowOfColumn[column], double.MaxValue, 0);
            for (var j = 1; j <= width; j++)
            {
                if (_used[j]) continue;
                var reduced = _cost[((from - 1) * width) + j - 1] - _rowPotential[from] - _columnPotential[j];
                if (reduced < _shortest[j]) (_shortest[j], _way[j]) = (reduced, column);
                if (_shortest[j] < delta) (delta, next) = (_shortest[j], j);
            }

            for (var j = 0; j <= width; j++)
            {
                if (_used[j])
                {
                    _rowPotential[_rowOfColumn[j]] += delta;
                    _columnPotential[j] -= delta;
                }
                else
                {
                    _shortest[j] -= delta;
                }
            }

            column = next;
        }
        while (_rowOfColumn[column] != 0);

        while (column != 0)
        {
            _rowOfColumn[column] = _rowOfColumn[_way[column]];
            column = _way[column];
        }
    }

    private static void Grow<T>(ref T[] array, int size)
    {
        if (array.Length < size) array = new T[Math.Max(size, array.Length * 2)];
    }
}
