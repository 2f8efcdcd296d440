using System.Collections.Concurrent;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Persons;

namespace TrafficFlow.Node.Registers;

/// <summary>Does on this node what another server says of persons who were dismissed there. What is new is in the audit.</summary>
/// <param name="record">Into the node's audit.</param>
internal sealed class HeardDismissals(PersonStore persons, Func<AuditEvent, Task> record) : IDismissals
{
    private const int MostAtOnce = 2_000;
    private const int LongestName = 200;

    // They are told again and again: in the audit once, for as long as the node runs.
    private readonly ConcurrentDictionary<(string Account, DateTimeOffset Entered), byte> _since = new();

    public async Task<DismissalsHeard> HearAsync(TellDismissals told, string from)
    {
        if (told.Persons.Length > MostAtOnce) return new DismissalsHeard([], $"{told.Persons.Length} dismissals at once are more than {MostAtOnce}");
        var heard = new List<DismissalHeard>();
        foreach (var person in told.Persons)
        {
            var by = new RegisterAuthor(PlainText.Of(person.By, LongestName), $"{PlainText.Of(person.ByAccount, LongestName)}@{from}");
            try
            {
                var (outcome, why, isNew) = await persons.DismissedElsewhereAsync(by, person.Account, person.Person, person.Entered);
                if (outcome == DismissedThere.AppointedSince ? _since.Count < MostAtOnce && _since.TryAdd((person.Account, person.Entered), 0) : isNew) await record(new AuditEvent(AuditKind.Change, by.Name, by.Account, "custody dismissal of another server", person.Account, outcome switch { DismissedThere.Done => "done", DismissedThere.AppointedSince => $"not done: appointed here after {person.Entered.UtcDateTime:yyyy-MM-dd HH:mm}Z, when it was entered there", _ => $"refused: {why}" }, $"told by {from}"));
                heard.Add(new DismissalHeard(person.Account, outcome switch
                {
                    DismissedThere.NoAccount => DismissalOutcome.NoAccount,
                    DismissedThere.Done => DismissalOutcome.Done,
                    DismissedThere.AppointedSince => DismissalOutcome.AppointedSince,
                    DismissedThere.AnotherPerson => DismissalOutcome.AnotherPerson,
                    _ => DismissalOutcome.Held,
                }, why));
            }
            catch (VaultFileException e)
            {
                return new DismissalsHeard([], $"its accounts or its register of persons cannot be used ({e.Message})");
            }
        }

        return new DismissalsHeard([.. heard]);
    }
}
