"""Only the engine, over HTTP: answers in, scorecard or its explanation out; nothing is stored."""
