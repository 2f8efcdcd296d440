using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>
/// How many vehicles went from which approach to which exit, added up from bins. A row adds up to all that entered by its approach and a column to all
/// that left on its exit: who was seen at one end alone stands in the row or column of the unknown.
/// </summary>
public sealed class TurningMatrix
{
    private readonly Dictionary<(ApproachId From, ApproachId To), FlowSums> _ways = [];
    private readonly Dictionary<ApproachId, FlowSums> _entering = [];
    private readonly Dictionary<ApproachId, FlowSums> _exiting = [];

    private TurningMatrix(IReadOnlyList<ApproachId> arms) => Arms = arms;

    /// <summary>Approaches and exits, in the order of the site file.</summary>
    public IReadOnlyList<ApproachId> Arms { get; }

    /// <param name="bins">Of any of the site's approaches, none twice.</param>
    /// <param name="vehicleClass">Null for every class.</param>
    public static TurningMatrix Of(IReadOnlyList<ApproachId> arms, IEnumerable<FlowBin> bins, VehicleClass? vehicleClass = null)
    {
        var matrix = new TurningMatrix(arms);
        foreach (var bin in bins)
        {
            foreach (var row in bin.Rows.Where(r => vehicleClass is null || r.Class == vehicleClass))
            {
                if (row.Movement == Movement.Entering) Add(matrix._entering, bin.Key.Approach, row.Sums);
                else if (row.Movement == Movement.Exiting) Add(matrix._exiting, bin.Key.Approach, row.Sums);
                else if (arms.FirstOrDefault(a => row.Movement == Movement.To(a)) is { Value: not null } exit) Add(matrix._ways, (bin.Key.Approach, exit), row.Sums);
            }
        }

        return matrix;
    }

    public FlowSums Way(ApproachId from, ApproachId to) => _ways.GetValueOrDefault((from, to));

    /// <summary>All that entered, whatever their exit.</summary>
    public FlowSums Entering(ApproachId from) => _entering.GetValueOrDefault(from);

    public FlowSums Exiting(ApproachId to) => _exiting.GetValueOrDefault(to);

    /// <summary>Entered, and nobody saw them leave.</summary>
    public int UnknownExit(ApproachId from) => Math.Max(0, Entering(from).Count - Arms.Sum(to => Way(from, to).Count));

    /// <summary>Left, and nobody saw them enter.</summary>
    public int UnknownEntry(ApproachId to) => Math.Max(0, Exiting(to).Count - Arms.Sum(from => Way(from, to).Count));

    /// <summary>All that entered by any approach.</summary>
    public FlowSums Total => Arms.Aggregate(default(FlowSums), (sum, arm) => sum + Entering(arm));

    private static void Add<T>(Dictionary<T, FlowSums> sums, T key, FlowSums more) where T : notnull => sums[key] = sums.GetValueOrDefault(key) + more;
}
