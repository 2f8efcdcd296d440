using CsCheck;
using TrafficFlow.Core.Tracking;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class HungarianAssignmentTests
{
    [Fact]
    public void An_assignment_is_as_good_as_trying_every_one()
    {
        // Few distinct values make ties and zeros common.
        var value = Gen.Frequency((2, Gen.Const(0.0)), (3, Gen.Int[1, 4].Select(i => i / 4.0)), (3, Gen.Double[0, 1]));
        var matrices = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5]).SelectMany((rows, columns) => value.Array2D[rows, columns]);
        var assignment = new HungarianAssignment();

        matrices.Sample(matrix =>
        {
            var columns = Solve(assignment, matrix);
            var taken = columns.Where(c => c >= 0).ToArray();
            Assert.Equal(taken.Length, taken.Distinct().Count());
            Assert.All(Enumerable.Range(0, columns.Length), r => Assert.True(columns[r] < 0 || matrix[r, columns[r]] > 0));
            Assert.Equal(Best(matrix, 0, 0), columns.Select((c, r) => c < 0 ? 0 : matrix[r, c]).Sum(), 1e-9);
            Assert.Equal(columns, Solve(new HungarianAssignment(), matrix));
        }, threads: 1);
    }

    /// <summary>Similarities row by row; the column of each row, or - for none.</summary>
    public static TheoryData<string, double[][], string> Cases => new()
    {
        { "nobody waits and nothing is seen", [], "" },
        { "nothing is seen", [[], []], "- -" },
        { "they cannot belong together", [[0, 0], [0, 0]], "- -" },
        { "the nearest pair would spoil the sum", [[0.9, 0.8], [0.85, 0.1]], "1 0" },
        { "a row stays alone rather than lose the better one", [[0.5], [0.6]], "- 0" },
        { "more columns than rows", [[0.1, 0.7, 0.2]], "1" },
        { "equal rows and columns fall to the lower index", [[0.5, 0.5], [0.5, 0.5]], "0 1" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_assignment_keeps_the_largest_sum(string what, double[][] rows, string expected)
    {
        var matrix = new double[rows.Length, rows.Length == 0 ? 0 : rows[0].Length];
        for (var r = 0; r < matrix.GetLength(0); r++)
        {
            for (var c = 0; c < matrix.GetLength(1); c++) matrix[r, c] = rows[r][c];
        }

        Assert.Equal(expected, string.Join(' ', Solve(new HungarianAssignment(), matrix).Select(c => c < 0 ? "-" : $"{c}")));
        Assert.NotEmpty(what);
    }

    private static int[] Solve(HungarianAssignment assignment, double[,] matrix)
    {
        var columns = new int[matrix.GetLength(0)];
        assignment.Reset(matrix.GetLength(0), matrix.GetLength(1));
        for (var r = 0; r < matrix.GetLength(0); r++)
        {
            for (var c = 0; c < matrix.GetLength(1); c++) assignment.Set(r, c, matrix[r, c]);
        }

        assignment.Solve(columns);
        return columns;
    }

    private static double Best(double[,] matrix, int row, int used)
    {
        if (row == matrix.GetLength(0)) return 0;
        var best = Best(matrix, row + 1, used);
        for (var c = 0; c < matrix.GetLength(1); c++)
        {
            if ((used & (1 << c)) == 0) best = Math.Max(best, matrix[row, c] + Best(matrix, row + 1, used | (1 << c)));
        }

        return best;
    }
}
