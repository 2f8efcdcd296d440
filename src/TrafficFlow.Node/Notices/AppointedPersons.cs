using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;

namespace TrafficFlow.Node.Notices;

/// <summary>Who is appointed by the register of persons of a node, as the notices name them.</summary>
internal static class AppointedPersons
{
    /// <summary>Those who have a duty now, and those whose dismissal is still to come; days by the calendar of the site.</summary>
    /// <returns>Null where the register has nobody in it: then nobody can tell.</returns>
    /// <exception cref="IOException">The register was changed, or cannot be read.</exception>
    public static IReadOnlyList<NoticePerson>? Of(string dataFolder, Site site, TimeProvider time)
    {
        try
        {
            var now = time.GetUtcNow();
            var all = new PersonStore(dataFolder, AccountStore.Over(dataFolder, time), time).Read().Appointments;
            if (all.IsEmpty) return null;
            return [.. all.Where(a => a.IsInForce(now)).Select(a => new NoticePerson(a.Person, a.Duty, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(a.From, site.TimeZone).DateTime)))];
        }
        catch (VaultFileException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
