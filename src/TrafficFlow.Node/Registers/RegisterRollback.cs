using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Web.Pages.Custody;

namespace TrafficFlow.Node.Registers;

/// <summary>
/// Finds registers that were put back to an earlier state together with their heads: the audit holds number and hash of what was entered by people. A register alone cannot know it, and whoever puts back
/// the audit too is found by its copies (trafficflow audit verify).
/// </summary>
internal static partial class RegisterRollback
{
    private const int Newest = 500;

    /// <returns>What is wrong, with what to do; none where all is well.</returns>
    /// <exception cref="Vault.Files.VaultFileException">A register or the audit cannot be read.</exception>
    public static IReadOnlyList<string> Find(CustodyBooks books, EndRegister ends, AuditPlace audit)
    {
        var problems = new List<string>();
        var told = AuditReader.Newest(audit, new AuditFilter(Action: "custody"), null, Newest);
        Look("persons", books.Persons.History(), "custody person", "custody dismissal took effect");
        Look("approvals", books.Approvals.History(), "custody approval");
        Look("inspections", books.Inspections.History(), "custody inspection", "custody follow-up");
        Look("requests", books.Requests.History(), "custody request");
        Look(EndRegister.Name, ends.History(), "custody end");
        Look("policies", [.. books.Policies.Changes.Select(c => c.Entry)], "custody policy");
        return problems;

        void Look<TEvent>(string name, ImmutableArray<RegisterEntry<TEvent>> entries, params string[] actions)
        {
            // The newest record of a number counts: what was lost and is entered anew has its number again.
            var seen = new HashSet<long>();
            foreach (var record in told.Where(r => actions.Any(a => r.Event.Action.StartsWith(a, StringComparison.Ordinal))))
            {
                if (Entry().Match(record.Event.Details ?? "") is not { Success: true } match || !long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !seen.Add(number)) continue;
                if (number <= entries.Length && number > 0 && entries[(int)number - 1].Hash.StartsWith(match.Groups[2].Value, StringComparison.Ordinal)) continue;
                problems.Add(number > entries.Length
                    ? $"the register of {name} ends with entry {entries.Length}, and the audit has entry {number} of {record.Time.UtcDateTime:yyyy-MM-dd HH:mm}Z ({record.Event.Action}, record {record.Number}): it was put back to an earlier state. Put back the newest copy of the folder custody, or enter again what is missing, the dismissals first"
                    : $"entry {number} of the register of {name} is not the one that the audit has (record {record.Number}): the register was replaced. Put back the folder custody as it was");
                return;
            }
        }
    }

    [GeneratedRegex(@"entry ([0-9]{1,9}) ([0-9a-f]{16})$", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
