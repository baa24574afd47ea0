using System.Reflection;
using ILGPU.Runtime;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A device whose streams do nothing: what they wait for and when something is launched is noted, in the order in which it is asked for.</summary>
internal sealed class NotedEvents : ILaunches
{
    private readonly List<string> _seen = [];
    private int _events;

    public NotedEvents() => Device = new(GpuKind.Cuda, -1, "no device", 0) { Log = this, Events = () => new Noted(this, _events++) };

    public GpuDevice Device { get; }

    /// <summary>The stream that others are told from.</summary>
    public AcceleratorStream? Launches { get; set; }

    /// <summary>The call of an event that fails: Create, Record, Delay or Wait; empty: none does.</summary>
    public string Failing { get; set; } = "";

    /// <summary>What was seen since the last call; launches one after another once.</summary>
    public string[] Take()
    {
        string[] seen = [.. _seen];
        _seen.Clear();
        return seen;
    }

    public void Add<T>(MethodInfo kernel, int groups, int threads, int sharedBytes, in T arguments)
        where T : struct
    {
        if (_seen is not [.., "launch"])
        {
            _seen.Add("launch");
        }
    }

    private string NameOf(AcceleratorStream stream) => stream == Launches ? "launches" : "copies";

    private void Note(string call, string what)
    {
        if (call == Failing)
        {
            throw new ILGPU.Runtime.Cuda.CudaException("an illegal memory access was encountered");
        }

        _seen.Add(what);
    }

    private sealed class Noted : StreamEvent
    {
        private readonly NotedEvents _owner;
        private readonly int _number;

        public Noted(NotedEvents owner, int number)
        {
            (_owner, _number) = (owner, number);
            owner.Note("Create", $"event {number}");
        }

        public override void Record(AcceleratorStream stream) => _owner.Note(nameof(Record), $"{_number} is behind {_owner.NameOf(stream)}");

        public override void Delay(AcceleratorStream stream) => _owner.Note(nameof(Delay), $"{_owner.NameOf(stream)} wait for {_number}");

        public override void Wait() => _owner.Note(nameof(Wait), $"the host waits for {_number}");

        public override void Dispose()
        {
        }
    }
}
