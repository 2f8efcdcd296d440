using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Inspection;

/// <summary>What the inspector has to ask others for.</summary>
public sealed partial class InspectorActor
{
    private static readonly InspectionFailed NoCameras = new("this node has no cameras", "ask a node with the role roadside");

    private static readonly InspectionFailed CamerasBusy = new("the cameras do not answer", "look into the node's log, and at the load of the machine; then try again");

    private ActorRefWithCell? Cameras => Child((ActorRefWithCell)((ExtendedActorSystem)_system).Guardian, "cameras");

    private async Task<InspectionReply> ListCamerasAsync()
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskAsync<CameraStatuses>(cameras, GetCameras.Instance, _patience.Local) is { } all
            ? new InspectionTables(CameraTables.List(all.Cameras))
            : CamerasBusy;
    }

    private async Task<InspectionReply> ShowAsync(ShowCamera command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        switch (await AskAsync<object>(cameras, new GetCameraStatus(command.Camera), _patience.Local))
        {
            case CameraStatus status:
                var outbox = Outboxes().FirstOrDefault(o => o.Camera == command.Camera.Value);
                var stored = outbox.Ref is null ? null : await AskAsync<OutboxStatus>(outbox.Ref, GetOutboxStatus.Instance, _patience.Local);
                return new InspectionTables(CameraTables.Show(status), CameraTables.Outboxes([(command.Camera.Value, stored)]));
            case UnknownCamera unknown:
                return Unknown(unknown.Camera, unknown.Known);
            default:
                return CamerasBusy;
        }
    }

    private async Task<InspectionReply> RestartAsync(RestartOneCamera command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskAsync<object>(cameras, new RestartCamera(command.Camera), _patience.Restart) switch
        {
            CameraRestarted restarted => new InspectionTables(CameraTables.Restarted(restarted.Camera.Value)),
            UnknownCamera unknown => Unknown(unknown.Camera, unknown.Known),
            _ => new InspectionFailed(
                $"camera {command.Camera} has not stopped within {_patience.Restart.TotalSeconds:0} s",
                "it starts again when it has; if it never does, a detector or driver hangs: restart the node"),
        };
    }

    private async Task<InspectionReply> AcceptAsync(AcceptOneScene command)
    {
        if (Cameras is not { } cameras) return NoCameras;
        return await AskAsync<object>(cameras, new AcceptScene(command.Camera), _patience.Local) switch
        {
            SceneAccepted accepted => new InspectionTables(CameraTables.Accepted(accepted.Camera.Value)),
            UnknownCamera unknown => Unknown(unknown.Camera, unknown.Known),
            _ => CamerasBusy,
        };
    }

    private async Task<InspectionReply> ShowAsync(ShowOutboxes command)
    {
        if (Cameras is null) return NoCameras;
        var outboxes = Outboxes().ToList();
        var wanted = outboxes.Where(o => command.Camera is not { } camera || o.Camera == camera.Value).ToList();
        if (wanted.Count == 0 && command.Camera is { } unknown) return Unknown(unknown, outboxes.Select(o => new CameraId(o.Camera)));
        return new InspectionTables(CameraTables.Outboxes(await Task.WhenAll(wanted.Select(async o =>
            (o.Camera, await AskAsync<OutboxStatus>(o.Ref, GetOutboxStatus.Instance, _patience.Local))))));
    }

    private async Task<InspectionReply> ShowAsync(ShowApproaches command)
    {
        if (!ActorRegistry.For(_system).TryGet<ApproachAggregator>(out var approaches))
            return new InspectionFailed($"{_system.Name} has no way to the approaches", "ask a node with the role roadside or server");
        var known = _sites().SelectMany(ApproachSetup.Of).ToDictionary(s => ApproachRouting.EntityOf(s.Site, s.Approach));
        if (command.Approach is { } name)
        {
            if (!known.TryGetValue(name, out var setup))
                return new InspectionFailed($"there is no approach {name}", $"this node's site files have {string.Join(", ", known.Keys)}");
            return await StatusAsync(setup) is { } one
                ? ApproachTables.Show(name, one)
                : new InspectionFailed($"no server answers for {name}; {ClusterSummary()}", "start a server, and look at cluster show");
        }

        if (known.Count == 0) return new InspectionFailed("this node knows no approach", "name its site files under trafficflow.node.sites");
        var all = await Task.WhenAll(known.OrderBy(k => k.Key, StringComparer.Ordinal).Select(async k => (k.Key, await StatusAsync(k.Value))));
        return all.All(a => a.Item2 is null)
            ? new InspectionFailed($"no server answers; {ClusterSummary()}", "start a server, and look at cluster show")
            : new InspectionTables(ApproachTables.List(all, ClusterSummary()));

        Task<ApproachStatus?> StatusAsync(ApproachSetup setup) =>
            AskAsync<ApproachStatus>(approaches, new GetApproachStatus(setup.Site, setup.Approach), _patience.Cluster);
    }

    private string ClusterSummary() =>
        ((ExtendedActorSystem)_system).Provider is IClusterActorRefProvider ? ClusterView.Of(Cluster.Get(_system)).Summary : "this node is in no cluster";

    /// <summary>Wherever they are below /user/cameras; of a camera that is no more, only its outbox is left.</summary>
    private IEnumerable<(string Camera, IActorRef Ref)> Outboxes() =>
        Cameras is { } cameras ? Below(cameras).OrderBy(o => o.Camera, StringComparer.Ordinal) : [];

    private static IEnumerable<(string Camera, IActorRef Ref)> Below(ActorRefWithCell parent)
    {
        foreach (var child in parent.Children.OfType<ActorRefWithCell>())
        {
            if (child.Path.Name == "outbox") yield return (parent.Path.Name, child);
            else if (child.Path.Name.StartsWith("former-", StringComparison.Ordinal)) yield return (child.Path.Name, child);
            else foreach (var outbox in Below(child)) yield return outbox;
        }
    }

    private static ActorRefWithCell? Child(ActorRefWithCell parent, string name) =>
        parent.Children.OfType<ActorRefWithCell>().FirstOrDefault(c => c.Path.Name == name);

    private static InspectionFailed Unknown(CameraId camera, IEnumerable<CameraId> known) =>
        new($"there is no camera {camera}", $"this node has {string.Join(", ", known.Select(k => k.Value))}");

    private static async Task<T?> AskAsync<T>(IActorRef actor, object question, TimeSpan patience)
        where T : class
    {
        try
        {
            return await actor.Ask<T>(question, patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
