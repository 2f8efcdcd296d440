namespace TrafficFlow.Analysis.Optimisation;

/// <summary>Energies below which no sample lies, without a search.</summary>
public static class LowerBounds
{
    /// <summary>
    /// Each coupling is shared out in halves to its two variables, and each variable, or one-hot group, then takes the least that it could: E = sum of x(i) (a(i) + 1/2 sum of q(i, j) x(j)).
    /// Holds for samples that fulfil the groups. Loose on frustrated models: real bounds come from an exact solver.
    /// </summary>
    public static double Elementary(BinaryQuadraticModel model)
    {
        var binary = model.ChangeVartype(Vartype.Binary);
        var groupOf = new int[binary.VariableCount];
        Array.Fill(groupOf, -1);
        for (var g = 0; g < binary.Groups.Length; g++)
        {
            foreach (var member in binary.Groups[g].Members) groupOf[member] = g;
        }

        // The least that the neighbours of variable i can add to it: free ones what is negative, a group its least member.
        var least = new Dictionary<int, (double Half, int Members)>();
        double Least(int i)
        {
            var sum = 0.0;
            least.Clear();
            for (var k = binary.RowStarts[i]; k < binary.RowStarts[i + 1]; k++)
            {
                var (neighbour, half) = (binary.Columns[k], binary.Biases[k] / 2);
                if (groupOf[neighbour] is var g and >= 0)
                {
                    var (known, members) = least.GetValueOrDefault(g, (double.PositiveInfinity, 0));
                    if (g != groupOf[i]) least[g] = (Math.Min(half, known), members + 1);
                }
                else
                {
                    sum += Math.Min(0, half);
                }
            }

            // A member that is not coupled adds 0.
            return binary.Linear[i] + sum + least.Sum(l => l.Value.Members < binary.Groups[l.Key].Members.Length ? Math.Min(0, l.Value.Half) : l.Value.Half);
        }

        var bound = binary.Offset;
        for (var i = 0; i < groupOf.Length; i++)
        {
            if (groupOf[i] < 0) bound += Math.Min(0, Least(i));
        }

        return bound + binary.Groups.Sum(group => group.Members.Min(Least));
    }
}
