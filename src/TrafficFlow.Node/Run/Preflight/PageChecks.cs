using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What a server needs that shows pages: a port, its certificate, and somebody who can sign in.</summary>
internal static class PageChecks
{
    public static IEnumerable<Finding> Run(NodeDefinition node, TimeProvider time)
    {
        if (node.Web is not { } web) yield break;
        yield return new ServedPort(web.Listen, "pages", "trafficflow.web").Port(node);
        if (web.Tls is { } tls) yield return ServedPort.Certificate("pages' certificate", tls.Certificate, tls.PrivateKey, time.GetUtcNow());
        // Pages of a link have none.
        if (node.WebCallers is null) yield return Accounts(node, time);
    }

    private static Finding Accounts(NodeDefinition node, TimeProvider time)
    {
        const string What = "accounts";
        try
        {
            var list = AccountStore.Over(node.DataDirectory, time).List();
            var able = list.Accounts.Count(a => a.CanLogIn);
            return able > 0 ? Finding.Good(What, able == 1 ? "1 person can sign in" : $"{able} people can sign in")
                : list.Accounts.IsEmpty ? Finding.Good(What, "none yet: the first start prints a link for the first one, once")
                : Finding.Doubtful(What, "nobody can sign in: send somebody a link with trafficflow account invite NAME");
        }
        catch (VaultFileException e)
        {
            return Finding.Bad(What, e.Message);
        }
    }
}
